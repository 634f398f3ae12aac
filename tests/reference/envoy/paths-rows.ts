/**
 * What becomes of a request target between the gateway and the application, from the tables that were recorded with
 * Istio 1.28.10 and Envoy 1.40 (which of them reached the application as what is seen by its answer and by what
 * Dikastes decided).
 */
export const paths: readonly [target: string, path: string][] = [
  ['/', '/'],
  ['/static', '/static'],
  ['/static?x=1', '/static?x=1'],
  ['/STATIC', '/STATIC'],
  ['/static/../cart', '/cart'],
  ['/static/%2e%2e/cart', '/cart'],
  ['/static/%2E%2E/cart', '/cart'],
  ['/static/..%2fcart', '/static/..%2fcart'],
  ['/static/..%2Fcart', '/static/..%2Fcart'],
  ['/static%2f..%2fcart', '/static%2f..%2fcart'],
  ['/static/..;/cart', '/cart'],
  ['/static//../cart', '/static/cart'],
  ['/static/../../cart', '/cart'],
  ['/static\\..\\cart', '/cart'],
  ['/static/./styles/styles.css', '/static/styles/styles.css'],
  ['/product/../cart', '/cart'],
  ['//', '//'],
  ['/./', '/'],
  ['/%2F', '/%2F'],
  ['/%2f', '/%2f'],
  ['/?x=1', '/?x=1'],
  ['/?', '/?'],
  ['/#frag', '/'],
  ['/;x', '/;x'],
  ['/cart?/static', '/cart?/static'],
  ['/cart?a/../b', '/cart?a/../b'],
  ['/%63art', '/cart'],
  ['/%73tatic/styles/styles.css', '/static/styles/styles.css'],
  ['//cart', '//cart'],
  ['/cart/../', '/'],
  ['/cart/..', '/'],
  ['/cart/%2e%2e/', '/'],
  ['http://10.200.0.2:30080/cart', '/cart'],
  ['http://x/static/../cart', '/cart'],
  ['/a/...', '/a/...'],
  ['/%', '/%'],
  ['/%zz', '/%zz'],
  ['/a|b', '/a%7Cb'],
  ['/%c3%a9', '/%c3%a9'],
  ['/\u00c3\u00a9', '/%C3%A9'],
];

/** Requests that the first proxy answers by itself, with the bytes of its answer. */
export const refused: readonly [
  method: string,
  target: string,
  status: number,
  bytes: number,
  details: string,
][] = [
  ['CONNECT', '/', 400, 11, 'http1.codec_error'],
  ['get', '/', 400, 11, 'http1.codec_error'],
  ['FOO', '/static/styles/styles.css', 400, 11, 'http1.codec_error'],
  ['GET', '*', 400, 11, 'http1.codec_error'],
  ['TRACE', '*', 400, 11, 'http1.codec_error'],
  ['OPTIONS', '*', 404, 0, 'absolute_path_rejected'],
  ['GET', '/static%00/x', 400, 0, 'path_normalization_failed'],
  ['POST', '/static/%00', 400, 0, 'path_normalization_failed'],
];

/** Requests of every other method are let in. */
export const admitted = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'];
