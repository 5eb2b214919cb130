import { describe, expect, it } from 'vitest';

import { Select } from './query_builder';

describe('Select', () => {
  it('selects everything by default', () => {
    expect(new Select('users').build()).toEqual({ sql: 'select * from "users"', values: [] });
  });

  it('numbers its placeholders', () => {
    const built = new Select('users').where('age', '>=', 18).where('name', 'like', 'A%').build();
    expect(built.sql).toBe('select * from "users" where "age" >= $1 and "name" like $2');
    expect(built.values).toEqual([18, 'A%']);
  });

  it('compares with null in the only way that works', () => {
    const built = new Select('users').where('deleted_at', '=', null).build();
    expect(built.sql).toContain('"deleted_at" is null');
    expect(built.values).toEqual([]);
  });

  it('refuses what is not an identifier', () => {
    expect(() => new Select('users; drop table users').build()).toThrow('not an identifier');
  });

  it('orders and limits', () => {
    const built = new Select('users').pick('id').orderBy('id', 'desc').limit(5).build();
    expect(built.sql).toBe('select "id" from "users" order by "id" desc limit 5');
  });
});
