// Runs before the script of each page. Colours are legible on light, dark and paper.
globalThis.inks = {
  worlds: { 'fixed-delay': '#d9652b', 'p-retry': '#9a6bd6', evenkeel: '#1798a0' },
  axis: '#7f8a94',
  grid: 'rgba(127, 138, 148, 0.18)',
}
