export type { NetInfoLike, NetInfoStateLike } from '@evenkeel/core/network'
export { type AppStateLike, reactNativeSignals } from './react-native-signals.ts'
