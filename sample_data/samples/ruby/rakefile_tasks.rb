require "rake/clean"
require "digest"

SOURCES = FileList["pages/**/*.md"]
PAGES = SOURCES.pathmap("%{^pages,public}X.html")
CLEAN.include("tmp/*.html")
CLOBBER.include("public")

task default: :build

desc "Build all pages"
multitask build: PAGES

rule ".html" => ->(page) { page.pathmap("%{^public,pages}X.md") } do |task|
  mkdir_p task.name.pathmap("%d"), verbose: false
  sh "pandoc", "--standalone", "--template=layout.html", "-o", task.name, task.source
end

desc "List what would be deployed"
task checksums: :build do
  PAGES.sort.each { |page| puts "#{Digest::SHA256.file(page).hexdigest}  #{page}" }
end

desc "Check the links between pages"
task links: :build do
  broken = PAGES.flat_map do |page|
    File.read(page).scan(/href="([^":#]+\.html)/).flatten.reject do |target|
      File.exist?(File.expand_path(target, File.dirname(page)))
    end.map { |target| "#{page}: #{target}" }
  end
  abort broken.join("\n") unless broken.empty?
end
