// What vendors' scripts use of Node's Buffer: made of bytes, hexadecimal, base64 or text, read and written at a place.
(function () {
  'use strict';
  const Bytes = Uint8Array, View = DataView, Text = String;

  const read = {
    hex: (text) => {
      const found = [];
      for (let at = 0; at + 1 < text.length; at += 2) {
        const byte = parseInt(text.substr(at, 2), 16);
        if (Number.isNaN(byte)) break;
        found.push(byte);
      }
      return found;
    },
    base64: (text) => {
      const plain = text.replace(/-/g, '+').replace(/_/g, '/').replace(/[^A-Za-z0-9+/]/g, '');
      return read.latin1(atob(plain + '='.repeat((4 - (plain.length % 4)) % 4)));
    },
    latin1: (text) => Array.from(text, (sign) => sign.charCodeAt(0) & 255),
    utf8: (text) => read.latin1(unescape(encodeURIComponent(text))),
  };
  const signs = (bytes) => {
    let text = '';
    for (const byte of bytes) text += Text.fromCharCode(byte);
    return text;
  };
  const written = {
    hex: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    base64: (bytes) => btoa(signs(bytes)),
    latin1: signs,
    utf8: (bytes) => {
      const text = signs(bytes);
      try { return decodeURIComponent(escape(text)); } catch (_wrong) { return text.replace(/[\x80-\xff]/g, '\ufffd'); }
    },
  };
  const named = (encoding) => {
    const name = Text(encoding || 'utf8').toLowerCase().replace('-', '');
    const known = { ascii: 'latin1', binary: 'latin1', base64url: 'base64' }[name] || name;
    if (!read[known]) throw new TypeError('Unknown encoding: ' + encoding);
    return known;
  };

  class Buffer extends Bytes {
    constructor(given, second, third) {
      if (typeof given === 'string') super(read[named(second)](given));
      else if (second === undefined) super(given);
      else super(given, second, third);
    }
    static from(given, second, third) {
      if (given && given.type === 'Buffer' && Array.isArray(given.data)) return new Buffer(given.data);
      return given instanceof ArrayBuffer ? new Buffer(given, second || 0, third) : new Buffer(given, typeof given === 'string' ? second : undefined);
    }
    static alloc(size, fill) { const made = new Buffer(size); return fill === undefined ? made : made.fill(fill); }
    static allocUnsafe(size) { return new Buffer(size); }
    static isBuffer(given) { return given instanceof Buffer; }
    static byteLength(given, encoding) { return typeof given === 'string' ? new Buffer(given, encoding || 'utf8').length : given.byteLength; }
    static concat(parts, size) { const all = new Buffer([].concat(...parts.map((one) => Array.from(one)))); return size === undefined ? all : all.slice(0, size); }
    toString(encoding, start, end) { return written[named(encoding)](this.subarray(start || 0, end === undefined ? this.length : end)); }
    toJSON() { return { type: 'Buffer', data: Array.from(this) }; }
    slice(start, end) { return this.subarray(start, end); }
    equals(other) { return this.length === other.length && this.every((byte, at) => byte === other[at]); }
    copy(target, at, start, end) { const part = this.subarray(start || 0, end === undefined ? this.length : end); target.set(part, at || 0); return part.length; }
    write(text, at, length, encoding) { const bytes = read[named(encoding)](text).slice(0, length); this.set(bytes, at || 0); return bytes.length; }
    readUIntBE(at, size) { let value = 0; for (let n = 0; n < size; n++) value = value * 256 + this.readUInt8(at + n); return value; }
    readUIntLE(at, size) { let value = 0; for (let n = size - 1; n >= 0; n--) value = value * 256 + this.readUInt8(at + n); return value; }
    readIntBE(at, size) { return signed(this.readUIntBE(at, size), size); }
    readIntLE(at, size) { return signed(this.readUIntLE(at, size), size); }
  }
  const signed = (value, size) => (value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value);
  const kinds = [
    ['UInt8', 'Uint8', 1], ['Int8', 'Int8', 1], ['UInt16', 'Uint16', 2], ['Int16', 'Int16', 2], ['UInt32', 'Uint32', 4],
    ['Int32', 'Int32', 4], ['Float', 'Float32', 4], ['Double', 'Float64', 8], ['BigUInt64', 'BigUint64', 8], ['BigInt64', 'BigInt64', 8],
  ];
  const give = (name, call) => Object.defineProperty(Buffer.prototype, name, { value: call, writable: true, configurable: true });
  for (const [name, kind, size] of kinds) {
    for (const [end, little] of size === 1 ? [['', true]] : [['BE', false], ['LE', true]]) {
      const get = View.prototype['get' + kind], set = View.prototype['set' + kind];
      const $view = (bytes, at) => {
        if (at < 0 || at + size > bytes.length) throw new RangeError('byte ' + at + ' of ' + bytes.length + ' was to be read as ' + name + end);
        return new View(bytes.buffer, bytes.byteOffset, bytes.length);
      };
      const $reads = function (at) { at = at || 0; return get.call($view(this, at), at, little); };
      const $writes = function (value, at) { at = at || 0; set.call($view(this, at), at, value, little); return at + size; };
      for (const said of [name + end, name.replace('UInt', 'Uint') + end]) {
        give('read' + said, $reads);
        give('write' + said, $writes);
      }
    }
  }
  const called = new Proxy(Buffer, { apply: (made, _nobody, given) => new made(...given) }); // Buffer(bytes), as it was once written
  Object.defineProperty(globalThis, 'Buffer', { value: called });
})();
