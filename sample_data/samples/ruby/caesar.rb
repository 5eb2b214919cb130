# Caesar cipher

puts "Text?"
text = gets.chomp
puts "Shift?"
shift = gets.to_i

result = ""
text.each_char do |c|
  if c >= "a" && c <= "z"
    # move within the small letters
    result += ((c.ord - 97 + shift) % 26 + 97).chr
  elsif c >= "A" && c <= "Z"
    # move within the capital letters
    result += ((c.ord - 65 + shift) % 26 + 65).chr
  else
    result += c
  end
end

puts "Encrypted: " + result
