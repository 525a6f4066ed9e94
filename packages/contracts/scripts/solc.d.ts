/** The part of solc's JavaScript interface that the build uses: standard JSON in, standard JSON out. */
declare module 'solc' {
  const solc: { compile(input: string): string; version(): string };
  // biome-ignore lint/style/noDefaultExport: this is what the package exports
  export default solc;
}
