local Vector = require("vector")

local particles = {}
local GRAVITY = Vector.new(0, 98)

local function spawn(position)
  local angle = math.random() * 2 * math.pi
  local speed = 40 + math.random() * 60
  table.insert(particles, {
    position = position,
    velocity = Vector.new(math.cos(angle), math.sin(angle)) * speed,
    life = 1.5,
  })
end

function love.mousepressed(x, y)
  for _ = 1, 80 do
    spawn(Vector.new(x, y))
  end
end

function love.update(dt)
  for i = #particles, 1, -1 do
    local p = particles[i]
    p.velocity = p.velocity + GRAVITY * dt
    p.position = p.position + p.velocity * dt
    p.life = p.life - dt
    if p.life <= 0 then
      table.remove(particles, i)
    end
  end
end

function love.draw()
  for _, p in ipairs(particles) do
    love.graphics.setColor(1, 0.6, 0.2, p.life / 1.5)
    love.graphics.circle("fill", p.position.x, p.position.y, 3)
  end
end
