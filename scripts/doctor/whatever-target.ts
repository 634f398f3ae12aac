import { execa } from 'execa';
import { findBrowser } from '../lib/browser.ts';
import { type Finding, fits, type Looked, note, unfit } from '../targets/checks/check.ts';

/** What a run needs of this machine, wherever the cluster is. */
export async function whateverTarget({ browser }: { browser?: string }): Promise<Looked[]> {
  return [
    { name: 'Node', ...lookAtNode() },
    { name: 'browser', ...(await lookAtBrowser(findBrowser(browser))) },
  ];
}

/** @param version of Node, as it says itself. */
export function lookAtNode(version: string = process.versions.node): Finding {
  return Number.parseInt(version, 10) >= 24
    ? fits(`Node ${version} runs the suite`)
    : unfit(`Node ${version} is too old for the suite`, 'start it by npm, which brings in Node 24');
}

/** @param file the browser that a run would use. */
export async function lookAtBrowser(file: string | undefined): Promise<Finding> {
  if (file === undefined) {
    return note(
      'There is no Chrome or Chromium, so what needs a browser would be skipped',
      'install one, or add --install to the run',
    );
  }
  const { failed, stdout, stderr, shortMessage } = await execa(file, ['--version'], {
    reject: false,
    stdin: 'ignore',
    timeout: 20_000,
  });
  if (!failed) {
    const [product = 'A browser'] = /^.*?\d[\d.]*/.exec(stdout.trim()) ?? [];
    return fits(`${product} is there for what needs a browser (${file})`);
  }
  const said = stderr.trim().split('\n').at(-1) || shortMessage;
  return unfit(`The browser ${file} does not start (${said})`, 'mend it, or name another with --browser');
}
