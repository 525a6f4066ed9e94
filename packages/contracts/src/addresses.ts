/** Says where accounts reside. ASCII 'heddle', 01: low enough that nobody has a key to it, above every precompile. */
export const DIRECTORY_ADDRESS = '0x00000000000000000000000000686564646c6501' as const;

/** Holds sequences and cursors of messages. ASCII 'heddle', 02. */
export const MESSENGER_ADDRESS = '0x00000000000000000000000000686564646c6502' as const;

/** The keys of the validators. ASCII 'heddle', 03. */
export const REGISTRY_ADDRESS = '0x00000000000000000000000000686564646c6503' as const;

/** EIP-2935: hashes of the last 8,191 blocks. */
export const HISTORY_STORAGE_ADDRESS = '0x0000f90827f1c53a10cb7a02335b175320002935' as const;

/** EIP-4788: parent beacon block roots by timestamp. */
export const BEACON_ROOTS_ADDRESS = '0x000f3df6d732807ef1319fb7b8bb8522d0beac02' as const;

/** The deterministic deployment proxy (CREATE2 with the caller's salt), where every chain has it. */
export const DETERMINISTIC_DEPLOYER_ADDRESS = '0x4e59b44847b379578588920ca78fbf26c0b4956c' as const;
