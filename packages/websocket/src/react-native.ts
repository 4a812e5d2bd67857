export {
  type AppStateLike,
  type NetInfoLike,
  type NetInfoStateLike,
  reactNativeSignals,
} from './react-native-signals.ts'
