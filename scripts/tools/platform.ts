/** The platform of this machine, in the words of released programs: `linux-amd64`. */
export function platformHere(platform: string = process.platform, arch: string = process.arch): string {
  return `${platforms[platform] ?? platform}-${arches[arch] ?? arch}`;
}

const platforms: Record<string, string> = { win32: 'windows' };
const arches: Record<string, string> = { x64: 'amd64' };
