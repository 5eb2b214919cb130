inventory = {}

def show_menu():
    print("1. Add an article")
    print("2. Remove an article")
    print("3. Show all articles")
    print("4. Quit")

def add_article():
    name = input("Name: ")
    amount = int(input("Amount: "))
    if name in inventory:
        inventory[name] += amount
    else:
        inventory[name] = amount
    print("Added!")

def remove_article():
    name = input("Name: ")
    if name in inventory:
        del inventory[name]
        print("Removed!")
    else:
        print("There is no such article.")

def show_articles():
    if len(inventory) == 0:
        print("The inventory is empty.")
    for name in inventory:
        print(name + ": " + str(inventory[name]))

def main():
    while True:
        show_menu()
        choice = input("Your choice: ")
        if choice == "1":
            add_article()
        elif choice == "2":
            remove_article()
        elif choice == "3":
            show_articles()
        elif choice == "4":
            print("Bye!")
            break
        else:
            print("Please choose 1, 2, 3 or 4.")

main()
