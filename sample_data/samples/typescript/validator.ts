type Check<T> = (value: unknown, path: string) => T;

export class ValidationError extends Error {
  constructor(
    readonly path: string,
    readonly expected: string,
    readonly received: unknown,
  ) {
    super(`${path || 'value'}: expected ${expected}, received ${JSON.stringify(received)}`);
  }
}

export const string: Check<string> = (value, path) => {
  if (typeof value !== 'string') throw new ValidationError(path, 'a string', value);
  return value;
};

export const integer =
  (low = -Infinity, high = Infinity): Check<number> =>
  (value, path) => {
    if (!Number.isInteger(value) || (value as number) < low || (value as number) > high) {
      throw new ValidationError(path, `an integer between ${low} and ${high}`, value);
    }
    return value as number;
  };

export const list =
  <T>(check: Check<T>): Check<T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw new ValidationError(path, 'a list', value);
    return value.map((entry, index) => check(entry, `${path}[${index}]`));
  };

export const optional =
  <T>(check: Check<T>, fallback: T): Check<T> =>
  (value, path) =>
    value === undefined ? fallback : check(value, path);

type Shape = Record<string, Check<unknown>>;
type Checked<S extends Shape> = { [K in keyof S]: ReturnType<S[K]> };

export const object =
  <S extends Shape>(shape: S): Check<Checked<S>> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null) throw new ValidationError(path, 'an object', value);
    const source = value as Record<string, unknown>;
    const entries = Object.entries(shape).map(([key, check]) => [key, check(source[key], path ? `${path}.${key}` : key)]);
    return Object.fromEntries(entries) as Checked<S>;
  };
