# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_d3p_global_optspecs
    string join \n C= phase= format= color= v/verbose q/quiet h/help V/version
end

function __fish_d3p_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_d3p_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_d3p_using_subcommand
    set -l cmd (__fish_d3p_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c d3p -n "__fish_d3p_needs_command" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_needs_command" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_needs_command" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_needs_command" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_needs_command" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_needs_command" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_needs_command" -s V -l version -d 'Print version'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "setup" -d 'Write what a release needs of the project: persons, hooks, signals, as the repository shows them'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "init" -d 'Scaffold a release: policy, documents, manifest; keeps everything that exists'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "pin" -d 'Set the release to a commit: what hooks run, and what is deployed'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "doc" -d 'Show what people still have to write, and write it where it belongs'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "fmt" -d 'Align the tables of documents; no word is touched'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "next" -d 'Do one step after another until a person is needed'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "status" -d 'Show gates, evidence and checkpoints'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "prompt" -d 'Print the instructions of an agent, filled from this release; or name what is lacking for them'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "record" -d 'Record a piece of evidence'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "run" -d 'Run a hook of d3p.yaml and record what really happened'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "announce" -d 'Say the protocol\'s exact words, or your own, in the communications log'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "confirm" -d 'Put a question to a person and record Yes, No or Clarify'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "tick" -d 'Tick items of a service\'s checklist that somebody saw to hold in production'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "approve" -d 'Request, show, sign or list the decision on the launch'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "rollout" -d 'Go through the stages of the launch, judged by what production does'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "watch" -d 'Watch the health window by the queries of its signals, on its schedule or afterwards'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "rollback" -d 'Decide whether the launch is taken back, or show who may'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "waive" -d 'Let a finding stand for a while: a signed exception that ends'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "applies" -d 'Show whether the phase is gone through, and which of its parts apply, by the facts of d3p.yaml'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "skip" -d 'Decide that the phase is not gone through for this release, since nothing is deployed: signed'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "withdraw" -d 'Withdraw the time of a line of the ledger that a clock which was ahead wrote: signed'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "check" -d 'Lint documents and evidence, or ask for clearance before a step'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "serve" -d 'Answer engines that ask whether a step may be taken, such as Flagger'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "gate" -d 'Compute a gate, and record a pass'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "diff" -d 'Show what changed since a gate passed'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "doctor" -d 'Show what is damaged and where it can be had back, and bring it back'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "verify" -d 'Recompute everything and compare it with the records'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "population" -d 'List each release of a period: how it ended, who decided, when, and what is missing'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "bundle" -d 'Pack a release into one file that verifies on another machine'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "handoff" -d 'Pack what a consumer of the release is given, or record who took it'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "report" -d 'Compile DEPLOYMENT-REPORT.md from the evidence, or write a page about the release'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "archive" -d 'Close the release and move it to .artifacts/releases/'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "explain" -d 'Explain a rule, a gate, a clause, a piece of evidence or a prerequisite'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "schema" -d 'Print a JSON Schema'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "demo" -d 'Play a complete honest release through all four gates, then tamper with a copy'
complete -c d3p -n "__fish_d3p_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c d3p -n "__fish_d3p_using_subcommand setup" -l service -d 'A service that is released; once for each, and where none is named the project\'s own name' -r
complete -c d3p -n "__fish_d3p_using_subcommand setup" -l person -d 'Who may approve: NAME, ROLE, ADDRESS, KEY.pub, WHERE THEY ARE REACHED; a key of ~/.ssh whose comment is the address is found' -r
complete -c d3p -n "__fish_d3p_using_subcommand setup" -l prometheus -d 'Address of the Prometheus that watches production; what it has is proposed as signals' -r
complete -c d3p -n "__fish_d3p_using_subcommand setup" -l threshold -d 'When a signal is healthy, such as \\"error_rate < 1%\\"' -r
complete -c d3p -n "__fish_d3p_using_subcommand setup" -l window -d 'How long a release is watched after its launch' -r
complete -c d3p -n "__fish_d3p_using_subcommand setup" -l without -d 'What this project does not have, and why: KIND=REASON, or KIND,KIND=REASON' -r
complete -c d3p -n "__fish_d3p_using_subcommand setup" -l by -d 'Full name of who decided that; who wrote the last commit unless said' -r
complete -c d3p -n "__fish_d3p_using_subcommand setup" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand setup" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand setup" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand setup" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand setup" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand setup" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand setup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand init" -l release -d 'Version of the release' -r
complete -c d3p -n "__fish_d3p_using_subcommand init" -l service -d 'A service that is released; once for each' -r
complete -c d3p -n "__fish_d3p_using_subcommand init" -l artifact -d 'A local file that is released; its digest goes into the manifest' -r
complete -c d3p -n "__fish_d3p_using_subcommand init" -l since -d 'The release before, whose later commits are proposed as scope; by default the last tag' -r
complete -c d3p -n "__fish_d3p_using_subcommand init" -l window -d 'The release window: from now on for so long; without it the plan asks for one' -r
complete -c d3p -n "__fish_d3p_using_subcommand init" -l attempt -d 'Which try at this release it is; by default one more than were archived' -r
complete -c d3p -n "__fish_d3p_using_subcommand init" -l ci -d 'Write jobs for this forge instead, which check, collect evidence, launch and watch' -r -f -a "github\t'GitHub Actions'
gitlab\t'GitLab CI/CD'"
complete -c d3p -n "__fish_d3p_using_subcommand init" -l build -d 'The full id of the commit of d3p that these jobs build and run' -r
complete -c d3p -n "__fish_d3p_using_subcommand init" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand init" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand init" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand init" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand init" -l dry-run -d 'Show what would be written'
complete -c d3p -n "__fish_d3p_using_subcommand init" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand init" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand pin" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand pin" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand pin" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand pin" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand pin" -l reopen -d 'Move it though a gate has bound it; re-opens that gate and all after it'
complete -c d3p -n "__fish_d3p_using_subcommand pin" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand pin" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand pin" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand doc" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand doc" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand doc" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand doc" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand doc" -l all -d 'Show every place, also those that are written'
complete -c d3p -n "__fish_d3p_using_subcommand doc" -l cite -d 'Write into each open place what a file of the repository says under a heading that asks the same'
complete -c d3p -n "__fish_d3p_using_subcommand doc" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand doc" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand doc" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand fmt" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand fmt" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand fmt" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand fmt" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand fmt" -l dry-run -d 'Show what would be aligned'
complete -c d3p -n "__fish_d3p_using_subcommand fmt" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand fmt" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand fmt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand next" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand next" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand next" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand next" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand next" -l launch -d 'Also begin the launch, where everything that it waits for is there'
complete -c d3p -n "__fish_d3p_using_subcommand next" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand next" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand next" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand status" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand status" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand status" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand status" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand status" -s r -l recursive -d 'Every release that is open below these directories, or lies in an archive there'
complete -c d3p -n "__fish_d3p_using_subcommand status" -l next -d 'Only the one next command'
complete -c d3p -n "__fish_d3p_using_subcommand status" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand status" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand prompt" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand prompt" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand prompt" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand prompt" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand prompt" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand prompt" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand prompt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand record" -l from -d 'Body to record; `-` reads standard input' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand record" -l junit -d 'JUnit XML; SUITE= names the suite (or the service) that the files are of' -r
complete -c d3p -n "__fish_d3p_using_subcommand record" -l sarif -d 'SARIF of a scanner' -r
complete -c d3p -n "__fish_d3p_using_subcommand record" -l performance -d 'Performance JSON; see `d3p schema performance`' -r
complete -c d3p -n "__fish_d3p_using_subcommand record" -l prometheus -d 'Prometheus text exposition, of which `metrics` in d3p.yaml names the samples' -r
complete -c d3p -n "__fish_d3p_using_subcommand record" -l health -d 'Health checks; see `d3p schema health-checks`' -r
complete -c d3p -n "__fish_d3p_using_subcommand record" -l promtool -d 'What `promtool test rules` says, both of its outputs' -r
complete -c d3p -n "__fish_d3p_using_subcommand record" -l file -d 'Files of the release\'s commit that show a part of the evidence' -r
complete -c d3p -n "__fish_d3p_using_subcommand record" -l sign-key -d 'Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key itself, or D3P_SIGNING_KEY_FILE, its path, where they are set' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand record" -l by -d 'Full name of the person who decides' -r
complete -c d3p -n "__fish_d3p_using_subcommand record" -l decision -d 'The decision' -r -f -a "go\t'Launch'
no-go\t'Do not launch'"
complete -c d3p -n "__fish_d3p_using_subcommand record" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand record" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand record" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand record" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand record" -l example -d 'Print a filled example body and write nothing'
complete -c d3p -n "__fish_d3p_using_subcommand record" -l reopen -d 'Record anew what a gate has already bound; re-opens that gate and all after it'
complete -c d3p -n "__fish_d3p_using_subcommand record" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand record" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand record" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand run" -l without-decision -d 'Roll back at once, though nobody has decided it; somebody of the authority tree must afterwards' -r
complete -c d3p -n "__fish_d3p_using_subcommand run" -l sign-key -d 'Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key itself, or D3P_SIGNING_KEY_FILE, its path, where they are set' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand run" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand run" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand run" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand run" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand run" -l reopen -d 'Run it though a gate has already bound its evidence; re-opens that gate and all after it'
complete -c d3p -n "__fish_d3p_using_subcommand run" -l rehearse -d 'Take one sample before the launch and compare it with the table of signals; keep nothing'
complete -c d3p -n "__fish_d3p_using_subcommand run" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand run" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand announce" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand announce" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand announce" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand announce" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand announce" -l list -d 'Show the protocol\'s announcements'
complete -c d3p -n "__fish_d3p_using_subcommand announce" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand announce" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand announce" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand confirm" -l answer -d 'The answer, where there is no terminal to ask on' -r -f -a "yes\t'It is so'
no\t'It is not so: the gate stays shut'
clarify\t'Not clear yet: the gate waits'"
complete -c d3p -n "__fish_d3p_using_subcommand confirm" -l by -d 'Full name of the person who answers' -r
complete -c d3p -n "__fish_d3p_using_subcommand confirm" -l note -d 'What they say besides' -r
complete -c d3p -n "__fish_d3p_using_subcommand confirm" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand confirm" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand confirm" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand confirm" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand confirm" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand confirm" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand confirm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand tick" -l by -d 'Full name of the person who saw it' -r
complete -c d3p -n "__fish_d3p_using_subcommand tick" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand tick" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand tick" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand tick" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand tick" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand tick" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand tick" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -f -a "request" -d 'Ask for a decision: writes what is to be approved, for people to read'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -f -a "show" -d 'Show what a signature would cover, and what changed since the request'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -f -a "sign" -d 'Decide, with the person\'s own SSH key'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -f -a "status" -d 'Show who signed, who is missing, and what no longer counts'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and not __fish_seen_subcommand_from request show sign status help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from request" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from request" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from request" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from request" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from request" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from request" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from request" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from show" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from show" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from show" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from show" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l as -d 'Who decides: the name in .d3p/allowed_signers, often a mail address' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l role -d 'The role they decide in' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l decision -d 'The decision' -r -f -a "go\t'Launch'
no-go\t'Do not launch'"
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l reason -d 'Why, which is signed with it: of a NO_GO, what has to be mended' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l seen -d 'Sign only what d3p approve show showed: the digest that it prints' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l override-window -d 'Let the launch lie in this denied window of d3p.yaml, by its id' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l take-over -d 'Let the launch take over a launch lock whose runner is gone, by the object that it is set to' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l key -d 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -l without-lock -d 'Let the launch go without the launch lock where that cannot be taken'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from status" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from status" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from status" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from status" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from help" -f -a "request" -d 'Ask for a decision: writes what is to be approved, for people to read'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show what a signature would cover, and what changed since the request'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from help" -f -a "sign" -d 'Decide, with the person\'s own SSH key'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show who signed, who is missing, and what no longer counts'
complete -c d3p -n "__fish_d3p_using_subcommand approve; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -f -a "run" -d 'Go through all stages, from where the rollout is'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -f -a "status" -d 'Show each stage and what was measured of it'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -f -a "promote" -d 'Go on although a stage did not pass: the decision to continue, signed'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -f -a "abort" -d 'Take the launch back: the decision to roll back, signed'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and not __fish_seen_subcommand_from run status promote abort help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from run" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from run" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from run" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from run" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from status" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from status" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from status" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from status" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l as -d 'Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l reason -d 'Why' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l role -d 'The role they decide in' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l key -d 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from promote" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from promote" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from promote" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from promote" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from promote" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l as -d 'Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l reason -d 'Why' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l role -d 'The role they decide in' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l key -d 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from abort" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from abort" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from abort" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from abort" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from abort" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "run" -d 'Go through all stages, from where the rollout is'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show each stage and what was measured of it'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "promote" -d 'Go on although a stage did not pass: the decision to continue, signed'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "abort" -d 'Take the launch back: the decision to roll back, signed'
complete -c d3p -n "__fish_d3p_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c d3p -n "__fish_d3p_using_subcommand watch" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand watch" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand watch" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand watch" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand watch" -l backfill -d 'Only what is due by now, and not what is to come'
complete -c d3p -n "__fish_d3p_using_subcommand watch" -l rehearse -d 'Ask whether the server could be asked after the launch; keep nothing'
complete -c d3p -n "__fish_d3p_using_subcommand watch" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand watch" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and not __fish_seen_subcommand_from decide status help" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and not __fish_seen_subcommand_from decide status help" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and not __fish_seen_subcommand_from decide status help" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and not __fish_seen_subcommand_from decide status help" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and not __fish_seen_subcommand_from decide status help" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and not __fish_seen_subcommand_from decide status help" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and not __fish_seen_subcommand_from decide status help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and not __fish_seen_subcommand_from decide status help" -f -a "decide" -d 'Decide, as a person of the authority tree, with the person\'s own SSH key'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and not __fish_seen_subcommand_from decide status help" -f -a "status" -d 'Show who may decide and how they are reached, who decided what, and what is missing'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and not __fish_seen_subcommand_from decide status help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -l as -d 'Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -l decision -d 'The decision; asked for on a terminal when absent' -r -f -a "roll-back\t'Take it back'
continue\t'Leave it where it is'"
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -l reason -d 'Why' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -l role -d 'The role they decide in' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -l key -d 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from decide" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from status" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from status" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from status" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from status" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from help" -f -a "decide" -d 'Decide, as a person of the authority tree, with the person\'s own SSH key'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show who may decide and how they are reached, who decided what, and what is missing'
complete -c d3p -n "__fish_d3p_using_subcommand rollback; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l path -d 'The file that it is at; needed where the rule finds more than one thing' -r
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l pointer -d 'Only what is found at this JSON pointer in it, or below' -r
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l until -d 'When it ends: a day, which is its 00:00 UTC, or a time with offset' -r
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l reason -d 'Why it may stand' -r
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l as -d 'Who lets it: the name in .d3p/allowed_signers, often a mail address' -r
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l role -d 'The role they decide in' -r
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l key -d 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand waive" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l list -d 'Show all waivers, and what each is worth'
complete -c d3p -n "__fish_d3p_using_subcommand waive" -l remove -d 'Drop waivers of this rule, and all that count for nothing'
complete -c d3p -n "__fish_d3p_using_subcommand waive" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand waive" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand waive" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand applies" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand applies" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand applies" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand applies" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand applies" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand applies" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand applies" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand skip" -l as -d 'Who decides: the name in .d3p/allowed_signers; a full name where nothing is signed' -r
complete -c d3p -n "__fish_d3p_using_subcommand skip" -l reason -d 'Why the phase is skipped' -r
complete -c d3p -n "__fish_d3p_using_subcommand skip" -l key -d 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand skip" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand skip" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand skip" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand skip" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand skip" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand skip" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand skip" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand withdraw" -l as -d 'Who withdraws it: the name in .d3p/allowed_signers, often a mail address' -r
complete -c d3p -n "__fish_d3p_using_subcommand withdraw" -l reason -d 'Why its time is wrong' -r
complete -c d3p -n "__fish_d3p_using_subcommand withdraw" -l role -d 'The role they decide in' -r
complete -c d3p -n "__fish_d3p_using_subcommand withdraw" -l key -d 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand withdraw" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand withdraw" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand withdraw" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand withdraw" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand withdraw" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand withdraw" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand withdraw" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand check" -l through -d 'Ask for everything that is due up to this gate' -r
complete -c d3p -n "__fish_d3p_using_subcommand check" -l before -d 'Ask whether this step may be taken now' -r
complete -c d3p -n "__fish_d3p_using_subcommand check" -l policy-commit -d 'Read policy and signers from this commit, never from the work tree; its full id, and where the project lies in it, if that could be more than one place' -r
complete -c d3p -n "__fish_d3p_using_subcommand check" -l trust-root -d 'Allowed signers from outside this tree: a file, or the digest that the tree\'s file, or the whole policy with its signers, must have' -r
complete -c d3p -n "__fish_d3p_using_subcommand check" -l expect-head -d 'A line of the ledger that must be there: the head that somebody kept, and when they did' -r
complete -c d3p -n "__fish_d3p_using_subcommand check" -l min-assurance -d 'What the approval must at least be worth: L0 typed, L1 signed by signers of this tree, L2 by signers of a policy from outside it, L3 with hardware presence and an outside time' -r
complete -c d3p -n "__fish_d3p_using_subcommand check" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand check" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand check" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand check" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand check" -s r -l recursive -d 'Every release that is open below these directories, or lies in an archive there'
complete -c d3p -n "__fish_d3p_using_subcommand check" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand check" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand serve" -l listen -d 'Address to listen at' -r
complete -c d3p -n "__fish_d3p_using_subcommand serve" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand serve" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand serve" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand serve" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand serve" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand serve" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand gate" -l sign-key -d 'Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key itself, or D3P_SIGNING_KEY_FILE, its path, where they are set' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand gate" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand gate" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand gate" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand gate" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand gate" -l dry-run -d 'Show the verdict and write nothing'
complete -c d3p -n "__fish_d3p_using_subcommand gate" -l refreeze -d 'Take the edited d3p.yaml into this release (first gate, before launch)'
complete -c d3p -n "__fish_d3p_using_subcommand gate" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand gate" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand gate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand diff" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand diff" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand diff" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand diff" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand diff" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand diff" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand doctor" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand doctor" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand doctor" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand doctor" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand doctor" -l restore -d 'Bring back what can be had back'
complete -c d3p -n "__fish_d3p_using_subcommand doctor" -l set-aside -d 'Take away files that nothing names; they are kept in .d3p/replaced/'
complete -c d3p -n "__fish_d3p_using_subcommand doctor" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand doctor" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l through -d 'Only up to this gate' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l raw -d 'Where logs lie that are kept out of git' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l policy-commit -d 'Read policy and signers from this commit, never from the work tree; its full id, and where the project lies in it, if that could be more than one place' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l trust-root -d 'Allowed signers from outside this tree: a file, or the digest that the tree\'s file, or the whole policy with its signers, must have' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l expect-head -d 'A line of the ledger that must be there: the head that somebody kept, and when they did' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l min-assurance -d 'What the approval must at least be worth: L0 typed, L1 signed by signers of this tree, L2 by signers of a policy from outside it, L3 with hardware presence and an outside time' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l history -d 'Compare each commit of BASE..HEAD with its parents: the ledger only grew, what it names stayed' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l min-facts -d 'What the facts of each gate must at least be worth' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l expect -d 'As what the release is expected to have ended; one that was rolled back verifies as that' -r -f -a "completed\t'Every gate is passed'
superseded\t'Another release took its place'
abandoned\t'It was given up'
rolled-back\t'It was launched and taken back'
skipped\t'By the facts of its change nothing was to be deployed: see `d3p skip`'"
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l html -d 'Also write a page for people, as --format html=FILE does' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l release -d 'The version that is expected' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l commit -d 'The full commit id that is expected' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l artifact -d 'The digest of an artifact that is about to be deployed' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand verify" -s r -l recursive -d 'Every release that is open below these directories, or lies in an archive there'
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l require-trust -d 'Refuse to verify (exit 2) without a policy or signers from outside the tree'
complete -c d3p -n "__fish_d3p_using_subcommand verify" -l remote -d 'Ask the repository of launch_lock what other machines published, and what the lock is set to'
complete -c d3p -n "__fish_d3p_using_subcommand verify" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand verify" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand population" -s r -l recursive -d 'Every release that is open below these directories, or lies in an archive there' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand population" -l from -d 'Only from this moment, or day, on' -r
complete -c d3p -n "__fish_d3p_using_subcommand population" -l to -d 'Only up to this moment, or the end of this day' -r
complete -c d3p -n "__fish_d3p_using_subcommand population" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand population" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand population" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand population" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand population" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand population" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand population" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and not __fish_seen_subcommand_from create help" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and not __fish_seen_subcommand_from create help" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and not __fish_seen_subcommand_from create help" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and not __fish_seen_subcommand_from create help" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and not __fish_seen_subcommand_from create help" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and not __fish_seen_subcommand_from create help" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and not __fish_seen_subcommand_from create help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and not __fish_seen_subcommand_from create help" -f -a "create" -d 'Write a bundle: the same bytes for the same files'
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and not __fish_seen_subcommand_from create help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and __fish_seen_subcommand_from create" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and __fish_seen_subcommand_from create" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and __fish_seen_subcommand_from create" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and __fish_seen_subcommand_from create" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and __fish_seen_subcommand_from help" -f -a "create" -d 'Write a bundle: the same bytes for the same files'
complete -c d3p -n "__fish_d3p_using_subcommand bundle; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c d3p -n "__fish_d3p_using_subcommand handoff" -l taken-by -d 'Record that this person took it' -r
complete -c d3p -n "__fish_d3p_using_subcommand handoff" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand handoff" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand handoff" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand handoff" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand handoff" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand handoff" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand handoff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand report" -l html -d 'Compile nothing, and write a page about the release to this file instead' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand report" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand report" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand report" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand report" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand report" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand report" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand archive" -l outcome -d 'How the release ended' -r -f -a "completed\t'Every gate is passed'
superseded\t'Another release took its place'
abandoned\t'It was given up'
rolled-back\t'It was launched and taken back'
skipped\t'By the facts of its change nothing was to be deployed: see `d3p skip`'"
complete -c d3p -n "__fish_d3p_using_subcommand archive" -l reason -d 'Why, where it was superseded or abandoned' -r
complete -c d3p -n "__fish_d3p_using_subcommand archive" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand archive" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand archive" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand archive" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand archive" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand archive" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand archive" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand explain" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand explain" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand explain" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand explain" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand explain" -l list -d 'Everything that has a name, which is also what is shown without one'
complete -c d3p -n "__fish_d3p_using_subcommand explain" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand explain" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand schema" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand schema" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand schema" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand schema" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand schema" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand schema" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand demo" -l into -d 'Keep the release in this directory, which must be new or empty' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand demo" -s C -d 'Work in DIR instead of the current directory' -r -F
complete -c d3p -n "__fish_d3p_using_subcommand demo" -l phase -d 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too' -r
complete -c d3p -n "__fish_d3p_using_subcommand demo" -l format -d 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv' -r
complete -c d3p -n "__fish_d3p_using_subcommand demo" -l color -d 'When to use colours (NO_COLOR is respected)' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c d3p -n "__fish_d3p_using_subcommand demo" -s v -l verbose -d 'Show everything instead of ten groups'
complete -c d3p -n "__fish_d3p_using_subcommand demo" -s q -l quiet -d 'Show only the result'
complete -c d3p -n "__fish_d3p_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "setup" -d 'Write what a release needs of the project: persons, hooks, signals, as the repository shows them'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "init" -d 'Scaffold a release: policy, documents, manifest; keeps everything that exists'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "pin" -d 'Set the release to a commit: what hooks run, and what is deployed'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "doc" -d 'Show what people still have to write, and write it where it belongs'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "fmt" -d 'Align the tables of documents; no word is touched'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "next" -d 'Do one step after another until a person is needed'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "status" -d 'Show gates, evidence and checkpoints'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "prompt" -d 'Print the instructions of an agent, filled from this release; or name what is lacking for them'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "record" -d 'Record a piece of evidence'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "run" -d 'Run a hook of d3p.yaml and record what really happened'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "announce" -d 'Say the protocol\'s exact words, or your own, in the communications log'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "confirm" -d 'Put a question to a person and record Yes, No or Clarify'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "tick" -d 'Tick items of a service\'s checklist that somebody saw to hold in production'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "approve" -d 'Request, show, sign or list the decision on the launch'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "rollout" -d 'Go through the stages of the launch, judged by what production does'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "watch" -d 'Watch the health window by the queries of its signals, on its schedule or afterwards'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "rollback" -d 'Decide whether the launch is taken back, or show who may'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "waive" -d 'Let a finding stand for a while: a signed exception that ends'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "applies" -d 'Show whether the phase is gone through, and which of its parts apply, by the facts of d3p.yaml'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "skip" -d 'Decide that the phase is not gone through for this release, since nothing is deployed: signed'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "withdraw" -d 'Withdraw the time of a line of the ledger that a clock which was ahead wrote: signed'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "check" -d 'Lint documents and evidence, or ask for clearance before a step'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "serve" -d 'Answer engines that ask whether a step may be taken, such as Flagger'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "gate" -d 'Compute a gate, and record a pass'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "diff" -d 'Show what changed since a gate passed'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "doctor" -d 'Show what is damaged and where it can be had back, and bring it back'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "verify" -d 'Recompute everything and compare it with the records'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "population" -d 'List each release of a period: how it ended, who decided, when, and what is missing'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "bundle" -d 'Pack a release into one file that verifies on another machine'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "handoff" -d 'Pack what a consumer of the release is given, or record who took it'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "report" -d 'Compile DEPLOYMENT-REPORT.md from the evidence, or write a page about the release'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "archive" -d 'Close the release and move it to .artifacts/releases/'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "explain" -d 'Explain a rule, a gate, a clause, a piece of evidence or a prerequisite'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "schema" -d 'Print a JSON Schema'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "demo" -d 'Play a complete honest release through all four gates, then tamper with a copy'
complete -c d3p -n "__fish_d3p_using_subcommand help; and not __fish_seen_subcommand_from setup init pin doc fmt next status prompt record run announce confirm tick approve rollout watch rollback waive applies skip withdraw check serve gate diff doctor verify population bundle handoff report archive explain schema demo help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c d3p -n "__fish_d3p_using_subcommand help; and __fish_seen_subcommand_from approve" -f -a "request" -d 'Ask for a decision: writes what is to be approved, for people to read'
complete -c d3p -n "__fish_d3p_using_subcommand help; and __fish_seen_subcommand_from approve" -f -a "show" -d 'Show what a signature would cover, and what changed since the request'
complete -c d3p -n "__fish_d3p_using_subcommand help; and __fish_seen_subcommand_from approve" -f -a "sign" -d 'Decide, with the person\'s own SSH key'
complete -c d3p -n "__fish_d3p_using_subcommand help; and __fish_seen_subcommand_from approve" -f -a "status" -d 'Show who signed, who is missing, and what no longer counts'
complete -c d3p -n "__fish_d3p_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "run" -d 'Go through all stages, from where the rollout is'
complete -c d3p -n "__fish_d3p_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "status" -d 'Show each stage and what was measured of it'
complete -c d3p -n "__fish_d3p_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "promote" -d 'Go on although a stage did not pass: the decision to continue, signed'
complete -c d3p -n "__fish_d3p_using_subcommand help; and __fish_seen_subcommand_from rollout" -f -a "abort" -d 'Take the launch back: the decision to roll back, signed'
complete -c d3p -n "__fish_d3p_using_subcommand help; and __fish_seen_subcommand_from rollback" -f -a "decide" -d 'Decide, as a person of the authority tree, with the person\'s own SSH key'
complete -c d3p -n "__fish_d3p_using_subcommand help; and __fish_seen_subcommand_from rollback" -f -a "status" -d 'Show who may decide and how they are reached, who decided what, and what is missing'
complete -c d3p -n "__fish_d3p_using_subcommand help; and __fish_seen_subcommand_from bundle" -f -a "create" -d 'Write a bundle: the same bytes for the same files'
