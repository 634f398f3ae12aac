import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { pollFor } from '../../fixtures/cluster/wait.ts';
import { isAlive } from '../../fixtures/guest/journal.ts';
import { Programs } from '../../scripts/targets/kind/programs.ts';
import { ProgramError, runProgram } from '../../scripts/targets/kind/run-program.ts';

const node = (script: string, ...args: string[]) => ['-e', script, ...args];

test('what a program writes to standard error is no failure', async () => {
  const ran = await runProgram(process.execPath, node('console.error("WARNING"); console.log("done")'));
  expect(ran).toEqual({ stdout: 'done', stderr: 'WARNING' });
});

test('a failure has the last lines of what was said, and the status', async () => {
  const script = 'for (let i = 1; i < 9; i++) console.error("line " + i + "\\n"); process.exitCode = 4';
  const failure = await runProgram(process.execPath, node(script)).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ProgramError);
  expect((failure as Error).message).toBe('node failed (status 4): line 4\nline 5\nline 6\nline 7\nline 8');
});

test('what comes before an error is left out, and the error itself is not', async () => {
  const script =
    'console.error(" progress\\nERROR: no cluster\\n" + "abcdefg".split("").join("\\n")); process.exit(1)';
  await expect(runProgram(process.execPath, node(script))).rejects.toThrow(
    'node failed (status 1): ERROR: no cluster\nd\ne\nf\ng',
  );
});

test('a program that is not there, and one that takes too long, are named', async () => {
  await expect(runProgram('no-such-kind', ['create', 'cluster', '--name', 'x'])).rejects.toThrow(
    'There is no program no-such-kind.',
  );
  await expect(
    runProgram(process.execPath, node('setInterval(() => {}, 1000)'), { timeoutMs: 200 }),
  ).rejects.toThrow('node did not end within 0.2 s.');
});

test('an abort ends a program and what it has started, and throws its reason', async ({}, info) => {
  const file = info.outputPath('pid');
  const child =
    'require("fs").writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000)';
  const script = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}, process.argv[1]], { stdio: "inherit" }); setInterval(() => {}, 1000)`;
  const abort = new AbortController();
  const running = runProgram(process.execPath, node(script, file), { signal: abort.signal });
  const reason = new Error('enough');
  await pollFor(async () => existsSync(file), { intervalMs: 20, timeoutMs: 20_000, what: 'the child' });
  abort.abort(reason);
  await expect(running).rejects.toBe(reason);
  const pid = Number(readFileSync(file, 'utf8'));
  await pollFor(async () => !isAlive(pid), { intervalMs: 20, timeoutMs: 20_000, what: 'the child to end' });
});

test('a program that outlived its run is ended; another one of its number is not', async ({}, info) => {
  const start = (mark: string) =>
    execa(process.execPath, node('setInterval(() => {}, 1000)', mark), { detached: true, reject: false });
  const ours = start('alp-0102abcd');
  const stranger = start('something-else');
  const programs = new Programs(info.outputPath('run'));
  programs.note(ours.pid as number, 'alp-0102abcd');
  programs.note(stranger.pid as number, 'alp-0102abcd');
  await programs.end();
  expect(isAlive(ours.pid as number)).toBe(false);
  expect(isAlive(stranger.pid as number)).toBe(true);
  stranger.kill('SIGKILL');
  await stranger;
  expect(existsSync(info.outputPath('run', 'programs'))).toBe(false);
});

test('one that has ended by itself is forgotten', async ({}, info) => {
  const programs = new Programs(info.outputPath('run'));
  const forget = programs.note(process.pid, 'no word of this process');
  forget();
  await programs.end();
});
