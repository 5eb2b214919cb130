require "money"

RSpec.describe Money do
  subject(:price) { described_class.new(1250, "EUR") }

  it "prints itself with two digits" do
    expect(price.to_s).to eq("12.50 EUR")
  end

  describe "#+" do
    it "adds amounts of the same currency" do
      expect(price + described_class.new(50, "EUR")).to eq(described_class.new(1300, "EUR"))
    end

    it "refuses to mix currencies" do
      expect { price + described_class.new(1, "USD") }.to raise_error(Money::CurrencyMismatch, /EUR.*USD/)
    end
  end

  describe "#split" do
    [1, 2, 3, 7].each do |parts|
      it "keeps every cent when split into #{parts}" do
        expect(price.split(parts).sum(&:cents)).to eq(1250)
      end
    end

    it "needs at least one part" do
      expect { price.split(0) }.to raise_error(ArgumentError)
    end
  end
end
