// Metro as React Native's own configuration has it.
module.exports = {
  projectRoot: __dirname,
  resolver: { unstable_conditionNames: ['require', 'react-native'] },
  transformer: { babelTransformerPath: require.resolve('@react-native/metro-babel-transformer') },
}
