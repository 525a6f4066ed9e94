/** Why a frame ended exceptionally, all its gas used. geth's words, since tools and people search for them. */
export type HaltReason =
  | 'out of gas'
  | 'invalid opcode'
  | 'stack underflow'
  | 'stack limit reached'
  | 'invalid jump destination'
  | 'write protection'
  | 'return data out of bounds'
  | 'max initcode size exceeded'
  | 'max code size exceeded'
  | 'contract creation code storage out of gas'
  | 'invalid code: must not begin with 0xef'
  | 'contract address collision'
  | 'precompile failed';
