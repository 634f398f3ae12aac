import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { type Browser, test as base, expect as baseExpect, type Page } from '@playwright/test';
import { assembleReport } from '../../reports/assemble.ts';
import { carryOver } from '../../reports/carry-over.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import { renderHtml } from '../../reports/render/html.ts';
import { browserFile, launchBrowser } from './browser.ts';
import {
  conformantReport,
  diagnosedReport,
  edge,
  factsWithHazards,
  hazard,
  onePixel,
  run,
  sampleReport,
} from './sample.ts';

// The page is static; only the machine may be slow.
const expect = baseExpect.configure({ timeout: 30_000 });

type Look = { width?: number; colorScheme?: 'light' | 'dark' };

const test = base.extend<
  { open: (report: ConformanceReport, look?: Look) => Promise<Page> },
  { chrome: Browser }
>({
  chrome: [
    async ({}, use) => {
      const browser = await launchBrowser(browserFile ?? '');
      await use(browser);
      await browser.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  // A report is opened from disk, as a person opens it. Whatever the browser complains of fails the test.
  open: async ({ chrome }, use, testInfo) => {
    const complaints: string[] = [];
    await use(async (report, { width = 1280, colorScheme = 'light' } = {}) => {
      const file = testInfo.outputPath('report.html');
      await writeFile(file, renderHtml(report));
      const page = await chrome.newPage({ viewport: { width, height: 800 }, colorScheme });
      page.on('console', (message) => complaints.push(`console: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith('data:') && url !== pathToFileURL(file).href) complaints.push(`request: ${url}`);
      });
      await page.goto(pathToFileURL(file).href);
      return page;
    });
    expect(complaints).toEqual([]);
  },
});

// biome-ignore lint/suspicious/noSkippedTests: the suite installs no browser, and all else holds without one.
test.skip(browserFile === undefined, 'needs a browser: install Chromium to look at the report');
test.describe.configure({ timeout: 120_000 });

const long = 'x'.repeat(600);

/** A report with everything that could tear the page or become markup. */
function hostileReport(): ConformanceReport {
  const script = '<script>document.title = "taken over"</script><img src=x onerror="document.title = 1">';
  const facts = factsWithHazards();
  return assembleReport({
    ...facts,
    catalogue: [...facts.catalogue, hazard('HAZ-06', `${script} ${long}.`)],
    carried: carryOver({ ...sampleReport(), run: { ...facts.run, id: long } }, ['INJ-01']),
    selected: facts.selected.filter((id) => id !== 'INJ-01'),
    skipped: [...facts.skipped, { id: 'HAZ-06', reason: `${script} ${long}` }],
    results: [
      ...facts.results.filter(({ requirement }) => requirement !== 'INJ-01'),
      run(
        'HTTP-07',
        'failed',
        {
          cause: `${script} ${long}`,
          edges: [
            edge(`a -> GET /${long}`, 'allowed', script, { evidence: [script, long] }),
            edge('a -> GET /', 'allowed', 'allowed', { evidence: [long] }),
          ],
        },
        {
          pictures: [{ name: `"><b>${script}`, pngBase64: onePixel }],
          diagnostics: ['javascript:alert(1)', `diagnostics/HTTP-07/${long}.txt`],
        },
      ),
    ],
    steps: [{ title: `Install ${script}`, result: 'failed', cause: long, durationMs: 3 }],
    errors: [`${script} ${long}`],
    cluster: { restored: 'incomplete', notes: [`${script} ${long}`] },
    run: {
      ...facts.run,
      resumed: long,
      areas: [script],
      command: `npm run conformance -- --context '${script}' ${long}`,
    },
    target: { ...facts.target, about: script, context: `${script}${long}` },
  });
}

async function openDetails(page: Page): Promise<void> {
  await page.locator('details').evaluateAll((all) => {
    for (const details of all) details.setAttribute('open', '');
  });
}

test('the page tells at the top what came out and of what', async ({ open }) => {
  const page = await open(sampleReport());
  await expect(page).toHaveTitle(/^Not conformant · Calico v3\.31\.7 and Istio 1\.28\.10/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Not conformant: 2 failed, 1 unverified, 2 broken of 8 requirements.',
  );
  await expect(page.getByText('2 of the 3 that failed or are unverified are known deviations')).toBeVisible();
  await expect(page.getByText('reference mesh')).toHaveCount(0);
});

test('a failure shows its promise, what was expected, what was seen, and how to repeat it', async ({
  open,
}) => {
  const page = await open(sampleReport());
  const articles = page.getByRole('article');
  await expect(articles.locator('h3 .id')).toHaveText([
    'HTTP-10',
    'HTTP-01',
    'HTTP-02',
    'HTTP-07',
    'MTLS-02',
  ]);
  const failure = articles.first();
  await expect(failure.getByRole('heading')).toContainText('A prefix matches whole path segments only.');
  await expect(failure).toBeInViewport();
  const row = failure.getByRole('row').filter({ hasText: '/staticfoo' });
  await expect(row.getByRole('rowheader')).toHaveText('client -> GET /staticfoo');
  await expect(row.getByRole('cell').nth(0)).toHaveText('denied by alp');
  await expect(row.getByRole('cell').nth(1)).toContainText('✗ allowed');
  await expect(
    row.getByText('via_upstream <b>not markup</b>'),
    'evidence of what differs is open',
  ).toBeVisible();
  await expect(failure.locator('pre')).toHaveText(
    'npm run conformance -- --target existing --context kind-alp --ingress http://172.18.0.3:31380 --requirement HTTP-10',
  );
  await expect(articles.nth(1).getByText('Known deviation.')).toBeVisible();
  await expect(
    articles.nth(2).getByRole('link', { name: 'diagnostics/HTTP-02/dikastes.log', includeHidden: true }),
  ).toHaveAttribute('href', 'diagnostics/HTTP-02/dikastes.log');
});

test('folders of diagnostics are a click away', async ({ open }) => {
  const page = await open(diagnosedReport());
  for (const name of ['diagnostics/HTTP-10', 'diagnostics/run', 'diagnostics/runbook/Sidecar-injector']) {
    await expect(page.getByRole('link', { name, exact: true })).toHaveAttribute('href', `${name}/`);
  }
});

test('every requirement is listed under its area with outcome and time', async ({ open }) => {
  const page = await open(sampleReport());
  const table = page.getByRole('table', { name: /^mtls/ });
  await expect(table.getByRole('rowheader')).toHaveText([/MTLS-01/, /MTLS-02/]);
  const row = table.getByRole('row').filter({ hasText: 'MTLS-01' });
  await expect(row.getByRole('cell').first()).toHaveText('✓ passed');
  await expect(row.getByRole('cell').nth(1)).toHaveText('820 ms');
  await table.getByText('1 probe').click();
  await expect(page.getByRole('table', { name: 'Probes of MTLS-01' })).toBeVisible();
  await expect(page.getByRole('table', { name: /^shop/ })).toContainText(
    'needs a browser: none is installed',
  );
});

test('hazards have a section of their own, and only broken ones are among what did not pass', async ({
  open,
}) => {
  const page = await open(assembleReport(factsWithHazards()));
  const table = page.getByRole('table', { name: /^Hazards/ });
  await expect(table.getByRole('rowheader')).toHaveText([
    /HAZ-01/,
    /HAZ-03.*the control failed/,
    /HAZ-04/,
    /HAZ-05.*needs pods with IPv6 addresses/,
    // What is absent is not explained: the expectation that failed is no news.
    /HAZ-02 A request that was under way when a policy changed is not judged again\.$/,
  ]);
  await expect(table.locator('.badge')).toHaveText([
    '▲ present',
    '? unverified',
    '! broken',
    '– skipped',
    '○ absent',
  ]);
  await expect(page.getByRole('article').locator('h3 .id')).toContainText(['HAZ-04']);
  await expect(page.getByRole('article').locator('h3 .id')).not.toContainText(['HAZ-03']);
  await table.getByText('1 probe').first().click();
  await expect(page.getByRole('table', { name: 'Probes of HAZ-01' })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Hazards' }).click();
  await expect(page.getByRole('heading', { name: /^Hazards/ })).toBeInViewport();
});

test('the page tells of steps, time, nodes and images, and the cluster', async ({ open }) => {
  const page = await open(sampleReport());
  await expect(page.getByRole('table', { name: 'Runbook' })).toContainText(
    'Enforce mutual TLS for the whole mesh',
  );
  await expect(page.getByRole('table', { name: 'Where the time went' })).toContainText('52.9 s');
  await expect(page.getByRole('table', { name: 'Nodes' }).getByRole('rowheader')).toHaveText([
    'alp-control-plane',
    'alp-worker',
  ]);
  await page.getByText('2 containers and the images they ran').click();
  await expect(page.getByRole('table', { name: 'Images' })).toContainText('quay.io/calico/dikastes:v3.31.7');
  await expect(page.getByText('The cluster is as it was before the run.')).toBeVisible();
});

test('a report of the reference mesh says that it is one', async ({ open }) => {
  const page = await open(conformantReport({ target: { kind: 'reference', about: 'The reference mesh.' } }));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Conformant: all 3 requirements that apply passed.',
  );
  await expect(page.getByRole('note')).toContainText('It says nothing about Istio or Calico.');
  await expect(page.getByRole('article')).toHaveCount(0);
});

test('nothing from the wire becomes markup', async ({ open }) => {
  const page = await open(hostileReport());
  await expect(page).toHaveTitle(/^Not conformant/);
  expect(await page.evaluate(() => document.scripts.length)).toBe(0);
  await expect(page.locator('img')).toHaveCount(1);
  const links = await page
    .locator('a')
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).protocol));
  expect(links).not.toContain('javascript:');
});

for (const width of [375, 1280]) {
  test(`nothing runs over the side of a page ${width} px wide`, async ({ open }) => {
    const page = await open(hostileReport(), { width });
    await openDetails(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const overflowing = await page
      .locator('main *:not(.visually-hidden), header *')
      .evaluateAll((all, limit) => {
        const visible = all.filter((element) => getComputedStyle(element).position !== 'absolute');
        const over = visible.filter((element) => element.getBoundingClientRect().right > limit + 0.5);
        return over.map((element) => element.outerHTML.slice(0, 120));
      }, width);
    expect(overflowing.filter((html) => !/role="(rowgroup|row|columnheader)"/.test(html))).toEqual([]);
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`all text has a contrast of 4.5 or more in the ${colorScheme} scheme`, async ({ open }) => {
    const page = await open(hostileReport(), { colorScheme });
    await openDetails(page);
    const { checked, poor } = await page.evaluate(poorContrast);
    expect(checked).toBeGreaterThan(100);
    expect(poor).toEqual([]);
  });
}

test('headings do not skip a level, tables have headers, and pictures have a text', async ({ open }) => {
  const page = await open(hostileReport());
  const levels = await page
    .locator('h1, h2, h3, h4')
    .evaluateAll((all) => all.map((heading) => Number(heading.tagName[1])));
  expect(levels.filter((level) => level === 1)).toEqual([1]);
  expect(levels[0]).toBe(1);
  for (const [index, level] of levels.entries()) {
    expect(level - (levels[index - 1] ?? 0), `heading ${index}`).toBeLessThanOrEqual(1);
  }
  await expect(page.locator('th:not([scope])')).toHaveCount(0);
  await expect(page.locator('table:not([aria-label], [aria-labelledby])')).toHaveCount(0);
  await expect(page.locator('img:not([alt])')).toHaveCount(0);
  const ids = await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  const targets = await page
    .locator('a[href^="#"]')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href')?.slice(1) ?? ''));
  for (const target of targets) expect(ids).toContain(target);
});

test('on paper the evidence is shown, whether it was open or not', async ({ open }) => {
  const page = await open(sampleReport());
  const evidence = page.getByText('connection reset after 2 ms, no HTTP bytes');
  await expect(evidence).toBeHidden();
  await page.emulateMedia({ media: 'print' });
  await expect(evidence).toBeVisible();
});

/** Runs in the page: the texts whose contrast with what is behind them is under 4.5 (WCAG 2.2, AA). */
function poorContrast(): { checked: number; poor: string[] } {
  const parse = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = parse(colour)
      .slice(0, 3)
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)';
    const colour = getComputedStyle(element).backgroundColor;
    return parse(colour)[3] === 0 ? groundOf(element.parentElement) : colour;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor: string[] = [];
  let checked = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.textContent?.trim() ?? '';
    if (element === null || text === '' || !element.checkVisibility()) continue;
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    checked += 1;
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
  }
  return { checked, poor };
}
