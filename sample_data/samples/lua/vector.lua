local Vector = {}
Vector.__index = Vector

function Vector.new(x, y)
  return setmetatable({ x = x or 0, y = y or 0 }, Vector)
end

function Vector.__add(a, b)
  return Vector.new(a.x + b.x, a.y + b.y)
end

function Vector.__sub(a, b)
  return Vector.new(a.x - b.x, a.y - b.y)
end

function Vector.__mul(a, b)
  if type(a) == "number" then
    return Vector.new(a * b.x, a * b.y)
  end
  return Vector.new(a.x * b, a.y * b)
end

function Vector:length()
  return math.sqrt(self.x * self.x + self.y * self.y)
end

function Vector:normalized()
  local length = self:length()
  if length == 0 then
    return Vector.new()
  end
  return self * (1 / length)
end

function Vector:limited(most)
  if self:length() > most then
    return self:normalized() * most
  end
  return self
end

function Vector.__tostring(v)
  return string.format("(%.2f, %.2f)", v.x, v.y)
end

return Vector
