import { expect, test } from '@playwright/test';
import { isOfRelease, tagOf } from '../../fixtures/injector/release.ts';

const digest = `sha256:${'0'.repeat(64)}`;

const images: [image: string, calico: string, same: boolean | undefined][] = [
  ['quay.io/calico/dikastes:v3.32.1', 'v3.32.1', true],
  ['mirror.example:5000/quay.io/calico/dikastes:v3.32.1', 'v3.32.1', true],
  ['mirror.example/calico-dikastes:3.32.1', 'v3.32.1', true],
  ['mirror.example/dikastes:v3.32.1-fips', 'v3.32.1', true],
  [`quay.io/calico/dikastes:v3.32.1@${digest}`, 'v3.32.1', true],
  ['quay.io/calico/calico:v3.33.0-0.dev-12-gabc', 'v3.33.0-0.dev-12-gabc', true],
  ['quay.io/calico/dikastes:v3.31.7', 'v3.32.1', false],
  ['quay.io/calico/dikastes:v3.32.10', 'v3.32.1', false],
  ['quay.io/calico/dikastes:v3.32.1-0.dev-5-gabc', 'v3.32.1', false],
  [`mirror.example:5000/dikastes@${digest}`, 'v3.32.1', undefined],
  ['calico/dikastes:master', 'v3.32.1', false],
  ['mirror.example/dikastes:production', 'v3.32.1', undefined],
];

for (const [image, calico, same] of images) {
  test(`${image} ${same === undefined ? 'may be' : same ? 'is' : 'is not'} of ${calico}`, () => {
    expect(isOfRelease(image, calico)).toBe(same);
  });
}

for (const [image, tag] of [
  ['quay.io/calico/dikastes:v3.32.1', 'v3.32.1'],
  [`quay.io/calico/dikastes:v3.32.1@${digest}`, 'v3.32.1'],
  ['mirror.example:5000/dikastes:v3.32.1', 'v3.32.1'],
  ['mirror.example:5000/dikastes', undefined],
  [`mirror.example:5000/dikastes@${digest}`, undefined],
] as const) {
  test(`${image} has ${tag === undefined ? 'no tag' : `the tag ${tag}`}`, () => {
    expect(tagOf(image)).toBe(tag);
  });
}
