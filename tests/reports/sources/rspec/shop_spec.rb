# Tests that end in every way that RSpec knows.
RSpec.describe 'cart' do
  it('passes') {}
  it('fails with a < b & "c" ☕ ]]>') { expect('a').to eq('b') }
  it('breaks') { raise 'no database' }
  it 'is pending'
  xit('is skipped') {}
  it('fails as expected') { pending('known'); raise 'known' }
  it('passes unexpectedly') { pending('known') }
  context 'broken setup' do
    before { raise 'no database' }
    it('never runs') {}
  end
end
