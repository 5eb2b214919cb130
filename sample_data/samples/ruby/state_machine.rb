module StateMachine
  class InvalidTransition < StandardError; end

  def self.included(base)
    base.extend(ClassMethods)
  end

  module ClassMethods
    def transitions
      @transitions ||= {}
    end

    def event(name, from:, to:)
      transitions[name] = { from: Array(from), to: to }

      define_method(:"can_#{name}?") { transitions_for(name)[:from].include?(state) }

      define_method(:"#{name}!") do
        unless public_send(:"can_#{name}?")
          raise InvalidTransition, "cannot #{name} while #{state}"
        end

        self.state = transitions_for(name)[:to]
      end
    end
  end

  attr_accessor :state

  private

  def transitions_for(name)
    self.class.transitions.fetch(name)
  end
end

class Document
  include StateMachine

  event :submit, from: :draft, to: :review
  event :publish, from: :review, to: :published
  event :withdraw, from: %i[review published], to: :draft

  def initialize
    self.state = :draft
  end
end
