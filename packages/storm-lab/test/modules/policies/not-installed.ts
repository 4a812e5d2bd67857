throw Object.assign(new Error("Cannot find package '@evenkeel/storm-lab'"), {
  code: 'ERR_MODULE_NOT_FOUND',
})
