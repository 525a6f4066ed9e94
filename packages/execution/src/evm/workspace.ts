import { IDLE_WORKSPACES, MAX_IDLE_MEMORY_BYTES } from '../limits.ts';
import { Memory } from './memory.ts';
import { Stack } from './stack.ts';

/** What a frame works with. A finished frame's goes to the next one: to allocate it costs more than most calls run. */
export class Workspace {
  readonly stack: Stack = new Stack();
  readonly memory: Memory = new Memory();
}

const idle: Workspace[] = [];

/** With an empty stack and no memory in use. */
export function takeWorkspace(): Workspace {
  return idle.pop() ?? new Workspace();
}

/** Nobody may use it any longer. */
export function returnWorkspace(workspace: Workspace): void {
  const { stack, memory } = workspace;
  if (idle.length >= IDLE_WORKSPACES || memory.capacity > MAX_IDLE_MEMORY_BYTES) return;
  stack.height = 0;
  memory.clear();
  idle.push(workspace);
}
