/** The keys of the validators. ASCII 'heddle', 03. */
export const REGISTRY_ADDRESS = '0x00000000000000000000000000686564646c6503' as const;

/** The deterministic deployment proxy (CREATE2 with the caller's salt), where every chain has it. */
export const DETERMINISTIC_DEPLOYER_ADDRESS = '0x4e59b44847b379578588920ca78fbf26c0b4956c' as const;
