#!/usr/bin/env ruby
# frozen_string_literal: true

require "json"
require "optparse"
require "time"

class TodoList
  Task = Struct.new(:text, :done, :created) do
    def to_h = { text: text, done: done, created: created }
  end

  def initialize(path)
    @path = path
    @tasks = File.exist?(path) ? load_tasks : []
  end

  def add(text)
    @tasks << Task.new(text, false, Time.now.iso8601)
    save
  end

  def finish(number)
    task = @tasks.fetch(number - 1) { abort "there is no task #{number}" }
    task.done = true
    save
  end

  def to_s
    @tasks.each_with_index.map { |task, i| "#{i + 1}. [#{task.done ? "x" : " "}] #{task.text}" }.join("\n")
  end

  private

  def load_tasks
    JSON.parse(File.read(@path), symbolize_names: true).map { |h| Task.new(h[:text], h[:done], h[:created]) }
  end

  def save
    File.write("#{@path}.tmp", JSON.pretty_generate(@tasks.map(&:to_h)))
    File.rename("#{@path}.tmp", @path)
  end
end

if $PROGRAM_NAME == __FILE__
  list = TodoList.new(File.join(Dir.home, ".todo.json"))
  OptionParser.new do |options|
    options.on("-a", "--add TEXT") { |text| list.add(text) }
    options.on("-f", "--finish NUMBER", Integer) { |number| list.finish(number) }
  end.parse!
  puts list
end
