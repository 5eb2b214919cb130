abstract class Shape {
  constructor(public readonly name: string) {}

  abstract area(): number;
  abstract perimeter(): number;

  describe(): string {
    return `${this.name}: area ${this.area().toFixed(2)}, perimeter ${this.perimeter().toFixed(2)}`;
  }
}

class Circle extends Shape {
  constructor(private radius: number) {
    super('Circle');
  }

  area(): number {
    return Math.PI * this.radius ** 2;
  }

  perimeter(): number {
    return 2 * Math.PI * this.radius;
  }
}

class Rectangle extends Shape {
  constructor(
    private width: number,
    private height: number,
  ) {
    super('Rectangle');
  }

  area(): number {
    return this.width * this.height;
  }

  perimeter(): number {
    return 2 * (this.width + this.height);
  }
}

const shapes: Shape[] = [new Circle(1.5), new Rectangle(2, 3), new Circle(0.5)];
shapes.sort((a, b) => a.area() - b.area());
for (const shape of shapes) {
  console.log(shape.describe());
}
