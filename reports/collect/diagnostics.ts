import { safePath } from '../../fixtures/diagnostics/names.ts';
import type { Attachment } from './attachments.ts';

/** A file to save beside the report. */
export interface DiagnosticFile {
  /** Relative to the report, with forward slashes. */
  path: string;
  attachment: Attachment;
}

const prefix = 'diagnostics/';

/** Whether an attachment is meant to be kept as a file beside the report. */
export function isDiagnostic({ name }: Attachment): boolean {
  return name.startsWith(prefix);
}

/** The folder of the diagnostics of one owner (a requirement's id, or `runbook/<step>`), relative to the report. */
export function diagnosticsFolderOf(owner: string): string {
  return prefix + safePath(owner);
}

/**
 * Names the files of the diagnostics of one owner: the owner's folder
 * plus the attachment's own name, made safe, and numbered where the name is already `taken` (which grows).
 */
export function diagnosticFiles(
  owner: string,
  attachments: readonly Attachment[],
  taken: Set<string>,
): DiagnosticFile[] {
  return attachments.filter(isDiagnostic).map((attachment) => {
    const wanted = prefix + safePath(`${owner}/${attachment.name.slice(prefix.length)}`);
    let path = wanted;
    for (let number = 2; taken.has(path.toLowerCase()); number += 1) path = numbered(wanted, number);
    taken.add(path.toLowerCase());
    return { path, attachment };
  });
}

function numbered(path: string, number: number): string {
  return path.replace(/(\.[^./]*)?$/, (extension) => `-${number}${extension}`);
}
