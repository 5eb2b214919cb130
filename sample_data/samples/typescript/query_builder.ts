type Operator = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'like';

interface Condition {
  column: string;
  operator: Operator;
  value: string | number | boolean | null;
}

const IDENTIFIER = /^[a-z_][a-z0-9_]*$/i;

function quote(name: string): string {
  if (!IDENTIFIER.test(name)) throw new Error(`not an identifier: ${name}`);
  return `"${name}"`;
}

export class Select {
  private columns: string[] = ['*'];
  private conditions: Condition[] = [];
  private order: string[] = [];
  private limited: number | null = null;

  constructor(private readonly table: string) {}

  pick(...columns: string[]): this {
    this.columns = columns.map(quote);
    return this;
  }

  where(column: string, operator: Operator, value: Condition['value']): this {
    this.conditions.push({ column, operator, value });
    return this;
  }

  orderBy(column: string, direction: 'asc' | 'desc' = 'asc'): this {
    this.order.push(`${quote(column)} ${direction}`);
    return this;
  }

  limit(count: number): this {
    this.limited = count;
    return this;
  }

  build(): { sql: string; values: unknown[] } {
    const parts = [`select ${this.columns.join(', ')} from ${quote(this.table)}`];
    const values: unknown[] = [];
    const clauses = this.conditions.map(({ column, operator, value }) => {
      if (value === null) return `${quote(column)} is ${operator === '=' ? '' : 'not '}null`;
      values.push(value);
      return `${quote(column)} ${operator} $${values.length}`;
    });
    if (clauses.length) parts.push(`where ${clauses.join(' and ')}`);
    if (this.order.length) parts.push(`order by ${this.order.join(', ')}`);
    if (this.limited !== null) parts.push(`limit ${this.limited}`);
    return { sql: parts.join(' '), values };
  }
}
