throw Object.assign(new TypeError('Unknown file extension ".ts"'), {
  code: 'ERR_UNKNOWN_FILE_EXTENSION',
})
