import type { ComponentChildren } from 'preact'

/** A drawing of 20 × 20 in the colour of its text; what it means is said beside it. */
function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      {children}
    </svg>
  )
}

export const MenuIcon = () => (
  <Icon>
    <path d="M3 5.5h14M3 10h14M3 14.5h14" />
  </Icon>
)

export const CloseIcon = () => (
  <Icon>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
)

export const AttachIcon = () => (
  <Icon>
    <path d="M10 4v12M4 10h12" />
  </Icon>
)

export const SendIcon = () => (
  <Icon>
    <path d="M3 10 17 3.5 12.5 17l-3-5.5zM9.5 11.5 17 3.5" />
  </Icon>
)

export const SmileIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7" />
    <path d="M7 12c1.6 2 4.4 2 6 0M7.6 8v.4M12.4 8v.4" />
  </Icon>
)

export const FileIcon = () => (
  <Icon>
    <path d="M5 2.5h6.5L15.5 6.5v11H5zM11 2.5V7h4.5" />
  </Icon>
)

export const SunIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="3.2" />
    <path d="M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4" />
  </Icon>
)

export const MoonIcon = () => (
  <Icon>
    <path d="M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5z" />
  </Icon>
)

export const LeaveIcon = () => (
  <Icon>
    <path d="M8 3.5H4v13h4M12.5 6.5 16 10l-3.5 3.5M16 10H8" />
  </Icon>
)

export const DownIcon = () => (
  <Icon>
    <path d="M10 4v12M5 11l5 5 5-5" />
  </Icon>
)

/** The boat of the name. */
export const BoatIcon = () => (
  <Icon>
    <path d="M10 2.5v9M10 3l5 7.5h-5zM9 5.5v5H4.5zM3 12.5h14l-2.5 4h-9z" />
  </Icon>
)
