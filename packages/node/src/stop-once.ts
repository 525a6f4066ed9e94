/** Stops by the steps in their order, once: whoever asks again waits for the same. */
export function stopOnce(steps: readonly (() => void | Promise<void>)[]): () => Promise<void> {
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    for (const step of steps) await step();
  };
  return () => {
    stopping ??= stop();
    return stopping;
  };
}
