#include <iostream>
#include <string>
#include <vector>
using namespace std;

class Account {
  private:
    string owner;
    double balance;

  public:
    Account(string o, double b) {
        owner = o;
        balance = b;
    }

    void deposit(double amount) {
        balance += amount;
    }

    bool withdraw(double amount) {
        if (amount > balance) {
            cout << "Not enough money!" << endl;
            return false;
        }
        balance -= amount;
        return true;
    }

    void print() {
        cout << owner << ": " << balance << endl;
    }
};

int main() {
    vector<Account> accounts;
    accounts.push_back(Account("Anna", 100));
    accounts.push_back(Account("Ben", 50));

    accounts[0].withdraw(30);
    accounts[1].deposit(30);
    accounts[1].withdraw(500);

    for (int i = 0; i < accounts.size(); i++) {
        accounts[i].print();
    }
    return 0;
}
