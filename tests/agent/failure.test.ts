import { expect, test } from '@playwright/test';
import { alertNumber, Failure, toProbeError } from '../../fixtures/agent/failure.ts';

// Messages as OpenSSL 3.0 (Node 22) and 3.5 (Node 24) word them, and without the words that some builds leave out.
const messages: [message: string, alert: number | undefined][] = [
  [
    '80AB2F:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../rec_layer_s3.c:1605:SSL alert number 48\n',
    48,
  ],
  [
    '80AB2F:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../rec_layer_s3.c:1605:SSL alert number 116\n',
    116,
  ],
  [
    '80AB2F:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:../rec_layer_s3.c:912:',
    40,
  ],
  [
    '80AB2F:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../tlsany_meth.c:77:',
    undefined,
  ],
  ['read ECONNRESET', undefined],
];
for (const [message, alert] of messages) {
  test(`finds alert ${alert} in ${message.slice(0, 60)}`, () => {
    expect(alertNumber(new Error(message))).toBe(alert);
  });
}

function nodeError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
}

const stages = [
  [
    'a reset while reading is of receiving, even if the request was not yet known to be sent',
    'read',
    'send',
    'receive',
  ],
  ['a reset while writing is of sending', 'write', 'send', 'send'],
  ['a reset in the handshake is of TLS, whatever the system call', 'read', 'tls', 'tls'],
  ['a failed look-up is of resolving', 'getaddrinfo', 'connect', 'resolve'],
] as const;
for (const [title, syscall, at, stage] of stages) {
  test(title, () => {
    expect(toProbeError(nodeError('ECODE', syscall), at, 3)).toEqual({
      stage,
      code: 'ECODE',
      message: `${syscall} ECODE`,
      bytes: 3,
    });
  });
}

test('a reset that Node made up for an orderly end in the handshake is EOF', () => {
  const message = 'Client network socket disconnected before secure TLS connection was established';
  const error = Object.assign(new Error(message), { code: 'ECONNRESET' });
  expect(toProbeError(error, 'tls', 0)).toMatchObject({ stage: 'tls', code: 'EOF' });
});

test('an alert is of receiving once the handshake is over, even if the request was not yet known to be sent', () => {
  const error = new Error(messages[1]![0]);
  expect(toProbeError(error, 'send', 0)).toMatchObject({ stage: 'receive', alert: 116 });
  expect(toProbeError(error, 'tls', 0)).toMatchObject({ stage: 'tls', alert: 116 });
});

test('a failure says itself where it happened', () => {
  expect(toProbeError(new Failure('EOF', 'ended', 'receive'), 'send', 0).stage).toBe('receive');
  expect(toProbeError(new Failure('EINVAL', 'wrong'), 'send', 0).stage).toBe('send');
});

test('whatever is thrown has a code', () => {
  expect(toProbeError('odd', 'send', 0)).toMatchObject({ code: 'Error', message: 'odd' });
  expect(toProbeError(new TypeError('no'), 'send', 0).code).toBe('TypeError');
});
