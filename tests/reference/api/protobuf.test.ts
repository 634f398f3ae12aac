import { expect, test } from '@playwright/test';
import { decodeProtobuf } from '../../../reference/api/protobuf/decode.ts';
import { StatusError } from '../../../reference/store/status-error.ts';

type Field = [number: number, value: number | string | Field[]];

/** A message as the wire has it. */
function encoded(fields: Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [varint(number << 3), varint(value)];
      const bytes = typeof value === 'string' ? Buffer.from(value) : encoded(value);
      return [varint((number << 3) | 2), varint(bytes.length), bytes];
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function body(apiVersion: string, kind: string, fields: Field[]): Buffer {
  const typeMeta: Field[] = [
    [1, apiVersion],
    [2, kind],
  ];
  return Buffer.concat([
    Buffer.from('k8s\0'),
    encoded([[1, typeMeta]]),
    varint((2 << 3) | 2),
    varint(encoded(fields).length),
    encoded(fields),
    encoded([
      [3, ''],
      [4, ''],
    ]),
  ]);
}

/** As Go writes it: what is empty is there, too. */
const metadata: Field = [
  1,
  [
    [1, 'web'],
    [2, ''],
    [3, 'shop'],
    [7, 0],
    [8, []],
    [
      11,
      [
        [1, 'app'],
        [2, 'web'],
      ],
    ],
    [
      11,
      [
        [1, 'x'],
        [2, ''],
      ],
    ],
  ],
];
const shown = { name: 'web', namespace: 'shop', labels: { app: 'web', x: '' } };

const objects: [string, Buffer, object][] = [
  [
    'a ConfigMap',
    body('v1', 'ConfigMap', [
      metadata,
      [
        2,
        [
          [1, 'a'],
          [2, 'é'.repeat(100)],
        ],
      ],
    ]),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: shown, data: { a: 'é'.repeat(100) } },
  ],
  [
    'a Secret, its data in base64',
    body('v1', 'Secret', [
      metadata,
      [
        2,
        [
          [1, 'a'],
          [2, 'b'],
        ],
      ],
      [3, 'Opaque'],
    ]),
    { apiVersion: 'v1', kind: 'Secret', metadata: shown, data: { a: 'Yg==' }, type: 'Opaque' },
  ],
  [
    'a Deployment, with what is empty left out but not its replicas',
    body('apps/v1', 'Deployment', [
      metadata,
      [
        2,
        [
          [1, 0],
          [
            2,
            [
              [
                1,
                [
                  [1, 'app'],
                  [2, 'web'],
                ],
              ],
            ],
          ],
          [
            3,
            [
              [
                2,
                [
                  [
                    2,
                    [
                      [1, 'main'],
                      [2, 'app'],
                      [3, 'sleep'],
                      [3, '300'],
                      [5, ''],
                    ],
                  ],
                  [3, ''],
                  [11, 0],
                ],
              ],
            ],
          ],
          [4, [[1, '']]],
        ],
      ],
      [3, [[1, 0]]],
    ]),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: shown,
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: { spec: { containers: [{ name: 'main', image: 'app', command: ['sleep', '300'] }] } },
      },
    },
  ],
  [
    'DeleteOptions',
    body('v1', 'DeleteOptions', [
      [1, 300],
      [2, [[1, 'u']]],
      [3, 0],
      [4, 'Orphan'],
      [5, 'All'],
    ]),
    {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 300,
      preconditions: { uid: 'u' },
      propagationPolicy: 'Orphan',
      dryRun: ['All'],
    },
  ],
];
for (const [title, bytes, expected] of objects) {
  test(`${title} is read`, () => expect(decodeProtobuf(bytes)).toEqual(expected));
}

const refused: [string, Buffer, number][] = [
  ['a kind that is not known', body('v1', 'Pod', []), 415],
  ['a field that is not known', body('v1', 'ConfigMap', [[9, 'x']]), 415],
  ['another beginning', Buffer.from('{}'), 400],
  ['a body that was cut off', body('v1', 'ConfigMap', [metadata]).subarray(0, 30), 400],
];
for (const [title, bytes, code] of refused) {
  test(`refused: ${title} (${code})`, () => {
    expect(() => decodeProtobuf(bytes)).toThrow(StatusError);
    expect(() => decodeProtobuf(bytes)).toThrow(expect.objectContaining({ code }));
  });
}
