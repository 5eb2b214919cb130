# counts to a hundred, with words for the multiples of three and five
for i in range(1, 101):
    out = ""
    if i % 3 == 0:
        out += "Fizz"
    if i % 5 == 0:
        out += "Buzz"
    print(out or i)
