// What browsers lack, and their builds: `platform-browser.ts` is there in the place of this.
export { closeEvent } from './close-event.ts'
export { hearMore } from './hear-more.ts'
export { innerConstructor } from './inner-constructor.ts'
export { lightMessage as messageEvent } from './light-message.ts'
export { Referenced } from './referenced.ts'
export { timesOf } from './times.ts'
export { utf8Length } from './utf8-length.ts'
