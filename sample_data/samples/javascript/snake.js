const canvas = document.querySelector('canvas');
const ctx = canvas.getContext('2d');
const SIZE = 20;
const CELL = canvas.width / SIZE;

let snake = [{ x: 10, y: 10 }];
let dir = { x: 1, y: 0 };
let food = randomCell();
let dead = false;

function randomCell() {
  return { x: Math.floor(Math.random() * SIZE), y: Math.floor(Math.random() * SIZE) };
}

function tick() {
  if (dead) return;
  const head = { x: snake[0].x + dir.x, y: snake[0].y + dir.y };
  if (head.x < 0 || head.y < 0 || head.x >= SIZE || head.y >= SIZE) dead = true;
  if (snake.some((s) => s.x === head.x && s.y === head.y)) dead = true;
  snake.unshift(head);
  if (head.x === food.x && head.y === food.y) {
    food = randomCell();
  } else {
    snake.pop();
  }
  draw();
}

function draw() {
  ctx.fillStyle = dead ? '#400' : '#111';
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = 'lime';
  snake.forEach((s) => ctx.fillRect(s.x * CELL, s.y * CELL, CELL - 1, CELL - 1));
  ctx.fillStyle = 'red';
  ctx.fillRect(food.x * CELL, food.y * CELL, CELL - 1, CELL - 1);
}

document.addEventListener('keydown', (e) => {
  const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const m = moves[e.key];
  if (m && m[0] !== -dir.x) dir = { x: m[0], y: m[1] };
});

setInterval(tick, 120);
