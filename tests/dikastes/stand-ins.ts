import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { type Dikastes, type DikastesOptions, startDikastes } from '../../fixtures/dikastes/dikastes.ts';
import type { Wire } from '../../fixtures/dikastes/protocol/wire.ts';
import type { Manners } from './stand-in.ts';

interface Fixtures {
  /** A folder of the test's own. */
  folder: string;
  /** Makes an executable file that behaves like this. */
  standIn: (manners: Manners, wire: Wire) => string;
  /** Starts a Dikastes that ends with the test. */
  start: (options: DikastesOptions) => Promise<Dikastes>;
}

export const test = base.extend<Fixtures>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'alp-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },

  standIn: async ({ folder }, use) => {
    await use((manners, wire) => {
      const file = join(folder, `${manners.replaceAll(' ', '-')}-${wireNames[wire]}`);
      const program = join(import.meta.dirname, 'stand-in.ts');
      const line = [process.execPath, program, wire, manners].map((word) => `'${word}'`).join(' ');
      executable(file, `#!/bin/sh\nexec ${line} "$@"\n`);
      return file;
    });
  },

  start: async ({}, use) => {
    const started: Dikastes[] = [];
    await use(async (options) => {
      const dikastes = await startDikastes(options);
      started.push(dikastes);
      return dikastes;
    });
    await Promise.all(started.map((dikastes) => dikastes.close()));
  },
});

const wireNames: Record<Wire, string> = { 'before 3.32': 'old', '3.32': 'new' };

export function executable(file: string, text: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

/** One without tiers, one with them, and one of the other wire format. */
export const releases = ['v3.24.1', 'v3.29.7', 'v3.32.1'] as const;
