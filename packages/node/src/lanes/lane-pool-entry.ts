/** Where the workers of a lane pool begin: `lane-worker` beside this file, as source or built, as this file is. */
export const lanePoolEntry: URL = new URL(`./lane-worker${extensionOf(import.meta.url)}`, import.meta.url);

function extensionOf(url: string): string {
  return url.slice(url.lastIndexOf('.'));
}
