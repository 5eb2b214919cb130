local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function encode_string(text)
  return '"' .. text:gsub('[%c"\\]', function(c)
    return escapes[c] or string.format("\\u%04x", c:byte())
  end) .. '"'
end

local function is_array(value)
  local count = 0
  for _ in pairs(value) do
    count = count + 1
  end
  return count == #value
end

local encode

local function encode_table(value, seen)
  if seen[value] then
    error("a table contains itself")
  end
  seen[value] = true
  local parts = {}
  local open, close = "{", "}"
  if is_array(value) then
    open, close = "[", "]"
    for _, element in ipairs(value) do
      parts[#parts + 1] = encode(element, seen)
    end
  else
    for key, element in pairs(value) do
      parts[#parts + 1] = encode_string(tostring(key)) .. ":" .. encode(element, seen)
    end
    table.sort(parts)
  end
  seen[value] = nil
  return open .. table.concat(parts, ",") .. close
end

function encode(value, seen)
  local kind = type(value)
  if kind == "table" then
    return encode_table(value, seen or {})
  elseif kind == "string" then
    return encode_string(value)
  elseif kind == "number" or kind == "boolean" or kind == "nil" then
    return tostring(value):gsub("^nil$", "null")
  end
  error("cannot encode a " .. kind)
end

return { encode = encode }
