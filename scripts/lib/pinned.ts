export { pinnedFile } from '../downloads/pinned-file.ts';
export { PinnedFileError } from '../downloads/pinned-file-error.ts';
export { pinnedVersions } from '../lanes/versions-file.ts';
export { projectRoot } from './project-root.ts';
