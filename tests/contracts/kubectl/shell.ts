import { createInterface } from 'node:readline';
import { execa, type TemplateExpression } from 'execa';

/** What a command said, without its last line feed, and the status it ended with. */
export interface Said {
  status: number | undefined;
  stdout: string;
  stderr: string;
}

/** A command that goes on until it is stopped or done. */
export interface Running {
  /** Reads its output on to the first line that is wanted; rejects when it ends before. */
  until: (wanted: RegExp) => Promise<string>;
  ended: Promise<Said>;
  stop: () => Promise<Said>;
}

type Typed<T> = (command: TemplateStringsArray, ...values: TemplateExpression[]) => T;

/** Runs what is typed; each value is one argument, whatever is in it. */
export interface Shell extends Typed<Promise<Said>> {
  /** The same with this on standard input, which is empty otherwise. */
  given: (input: string) => Typed<Promise<Said>>;
  start: Typed<Running>;
}

export interface ShellOptions {
  kubeconfig: string;
  /** A folder for whatever commands keep between them; nothing else of the machine's owner is used. */
  home: string;
  /** When a command is killed that should have ended long ago. */
  timeoutMs: number;
}

export function shell({ kubeconfig, home, timeoutMs }: ShellOptions): Shell {
  const settings = {
    env: { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfig, KUBECACHEDIR: home },
    extendEnv: false,
    reject: false,
    timeout: timeoutMs,
  } as const;
  const given =
    (input: string): Typed<Promise<Said>> =>
    async (...command) =>
      said(await execa({ ...settings, input })(...command));
  const start: Typed<Running> = (...command) => {
    const child = execa({ ...settings, stdin: 'ignore' })(...command);
    const ended = child.then(said);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    return {
      until: async (wanted) => {
        for (;;) {
          const { value: line, done } = await lines.next();
          if (done) throw new Error(`No line was ${wanted} until the end: ${JSON.stringify(await ended)}`);
          if (wanted.test(line)) return line;
        }
      },
      ended,
      stop: () => {
        child.kill();
        return ended;
      },
    };
  };
  return Object.assign(given(''), { given, start });
}

function said({ exitCode, stdout, stderr }: { exitCode?: number; stdout: string; stderr: string }): Said {
  return { status: exitCode, stdout, stderr };
}
