import { BLS12_G1_BYTES, BLS12_G2_BYTES, bls12 } from '@heddle/primitives';
import { booleanWord, type Precompile } from './precompile.ts';

/** EIP-2537; of a sum of products, the gas of one multiplication. */
const G1_ADD_GAS = 375;
const G2_ADD_GAS = 600;
const G1_MSM_GAS = 12_000;
const G2_MSM_GAS = 22_500;
const PAIRING_GAS = 37_700;
const PAIRING_GAS_PER_PAIR = 32_600;
const MAP_TO_G1_GAS = 5_500;
const MAP_TO_G2_GAS = 23_800;

const SCALAR_BYTES = 32;
const PAIR_BYTES: number = BLS12_G1_BYTES + BLS12_G2_BYTES;

// biome-ignore format: a table of EIP-2537, per mille for 1, 2, … 128 pairs; the last holds for more.
const G1_DISCOUNTS: readonly number[] = [
  1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669, 665, 661, 658,
  654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619, 617, 615, 613, 611, 609, 608,
  606, 604, 603, 601, 599, 598, 596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577,
  576, 575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559, 558, 557, 556, 555,
  554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545, 544, 543, 542, 541, 540, 540, 539, 538, 537, 536,
  536, 535, 534, 533, 532, 532, 531, 530, 529, 528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520,
  520, 519,
];

// biome-ignore format: as above.
const G2_DISCOUNTS: readonly number[] = [
  1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704, 699, 693, 688,
  683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634, 632, 629, 627, 624, 622, 620,
  618, 615, 613, 611, 609, 607, 606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584, 583,
  582, 580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562, 561, 560, 559, 558,
  557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548, 547, 546, 545, 545, 544, 543, 542, 541, 541, 540,
  539, 538, 537, 537, 536, 535, 535, 534, 533, 532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525,
  524, 524,
];

/** 0x0b (EIP-2537). Points need not be in the subgroup. */
export const bls12G1Add: Precompile = { gas: () => G1_ADD_GAS, run: (input) => bls12.addG1(input) };

/** 0x0d (EIP-2537). Points need not be in the subgroup. */
export const bls12G2Add: Precompile = { gas: () => G2_ADD_GAS, run: (input) => bls12.addG2(input) };

/** 0x0c (EIP-2537): the sum of scalar · point over all pairs. */
export const bls12G1Msm: Precompile = {
  gas: (input) => msmGas(input.length, BLS12_G1_BYTES + SCALAR_BYTES, G1_MSM_GAS, G1_DISCOUNTS),
  run: (input) => bls12.sumG1(input),
};

/** 0x0e (EIP-2537). */
export const bls12G2Msm: Precompile = {
  gas: (input) => msmGas(input.length, BLS12_G2_BYTES + SCALAR_BYTES, G2_MSM_GAS, G2_DISCOUNTS),
  run: (input) => bls12.sumG2(input),
};

/** 0x0f (EIP-2537): whether the product of the pairings is one. */
export const bls12Pairing: Precompile = {
  gas: (input) => PAIRING_GAS + PAIRING_GAS_PER_PAIR * Math.floor(input.length / PAIR_BYTES),
  run(input) {
    const isOne = bls12.isPairingOne(input);
    return isOne === null ? null : booleanWord(isOne);
  },
};

/** 0x10 (EIP-2537): a field element to a point of G1. */
export const bls12MapToG1: Precompile = { gas: () => MAP_TO_G1_GAS, run: (input) => bls12.mapToG1(input) };

/** 0x11 (EIP-2537): an element of the quadratic extension to a point of G2. */
export const bls12MapToG2: Precompile = { gas: () => MAP_TO_G2_GAS, run: (input) => bls12.mapToG2(input) };

function msmGas(length: number, pairBytes: number, gas: number, discounts: readonly number[]): number {
  const pairs = Math.floor(length / pairBytes);
  if (pairs === 0) return 0;
  const discount = discounts[Math.min(pairs, discounts.length) - 1] ?? 1_000;
  return Math.floor((pairs * gas * discount) / 1_000);
}
