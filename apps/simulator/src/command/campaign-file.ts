import type { SeedReport } from '../world/run-seed.ts';
import { type Campaign, campaignWith, openCampaign, saveCampaign } from './campaign.ts';
import { codeVersion } from './code-version.ts';

/** Saving takes longer than some runs: a process that is killed plays the runs of this last while again. */
const SAVE_EVERY_MS = 1_000;

/** The file behind `--campaign`; nothing without one. */
export class CampaignFile {
  readonly nextSeed: number;
  readonly #path: string | null;
  #campaign: Campaign | null;
  #savedMs = 0;

  /** Throws InvalidCampaignError. */
  constructor(path: string | null, work: string, from: number) {
    this.#path = path;
    this.#campaign = path === null ? null : openCampaign(path, { work, codeVersion: codeVersion(), nextSeed: from });
    this.nextSeed = this.#campaign?.nextSeed ?? from;
  }

  add(report: SeedReport): void {
    if (this.#campaign === null) return;
    this.#campaign = campaignWith(this.#campaign, report);
    if (report.violation !== null || Date.now() - this.#savedMs >= SAVE_EVERY_MS) this.save();
  }

  save(): void {
    if (this.#path === null || this.#campaign === null) return;
    saveCampaign(this.#path, this.#campaign);
    this.#savedMs = Date.now();
  }
}
