
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'd3p' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'd3p'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'd3p' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('setup', 'setup', [CompletionResultType]::ParameterValue, 'Write what a release needs of the project: persons, hooks, signals, as the repository shows them')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Scaffold a release: policy, documents, manifest; keeps everything that exists')
            [CompletionResult]::new('pin', 'pin', [CompletionResultType]::ParameterValue, 'Set the release to a commit: what hooks run, and what is deployed')
            [CompletionResult]::new('doc', 'doc', [CompletionResultType]::ParameterValue, 'Show what people still have to write, and write it where it belongs')
            [CompletionResult]::new('fmt', 'fmt', [CompletionResultType]::ParameterValue, 'Align the tables of documents; no word is touched')
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'Do one step after another until a person is needed')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show gates, evidence and checkpoints')
            [CompletionResult]::new('prompt', 'prompt', [CompletionResultType]::ParameterValue, 'Print the instructions of an agent, filled from this release; or name what is lacking for them')
            [CompletionResult]::new('record', 'record', [CompletionResultType]::ParameterValue, 'Record a piece of evidence')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a hook of d3p.yaml and record what really happened')
            [CompletionResult]::new('announce', 'announce', [CompletionResultType]::ParameterValue, 'Say the protocol''s exact words, or your own, in the communications log')
            [CompletionResult]::new('confirm', 'confirm', [CompletionResultType]::ParameterValue, 'Put a question to a person and record Yes, No or Clarify')
            [CompletionResult]::new('tick', 'tick', [CompletionResultType]::ParameterValue, 'Tick items of a service''s checklist that somebody saw to hold in production')
            [CompletionResult]::new('approve', 'approve', [CompletionResultType]::ParameterValue, 'Request, show, sign or list the decision on the launch')
            [CompletionResult]::new('rollout', 'rollout', [CompletionResultType]::ParameterValue, 'Go through the stages of the launch, judged by what production does')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Watch the health window by the queries of its signals, on its schedule or afterwards')
            [CompletionResult]::new('rollback', 'rollback', [CompletionResultType]::ParameterValue, 'Decide whether the launch is taken back, or show who may')
            [CompletionResult]::new('waive', 'waive', [CompletionResultType]::ParameterValue, 'Let a finding stand for a while: a signed exception that ends')
            [CompletionResult]::new('applies', 'applies', [CompletionResultType]::ParameterValue, 'Show whether the phase is gone through, and which of its parts apply, by the facts of d3p.yaml')
            [CompletionResult]::new('skip', 'skip', [CompletionResultType]::ParameterValue, 'Decide that the phase is not gone through for this release, since nothing is deployed: signed')
            [CompletionResult]::new('withdraw', 'withdraw', [CompletionResultType]::ParameterValue, 'Withdraw the time of a line of the ledger that a clock which was ahead wrote: signed')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Lint documents and evidence, or ask for clearance before a step')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer engines that ask whether a step may be taken, such as Flagger')
            [CompletionResult]::new('gate', 'gate', [CompletionResultType]::ParameterValue, 'Compute a gate, and record a pass')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what changed since a gate passed')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Show what is damaged and where it can be had back, and bring it back')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Recompute everything and compare it with the records')
            [CompletionResult]::new('population', 'population', [CompletionResultType]::ParameterValue, 'List each release of a period: how it ended, who decided, when, and what is missing')
            [CompletionResult]::new('bundle', 'bundle', [CompletionResultType]::ParameterValue, 'Pack a release into one file that verifies on another machine')
            [CompletionResult]::new('handoff', 'handoff', [CompletionResultType]::ParameterValue, 'Pack what a consumer of the release is given, or record who took it')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Compile DEPLOYMENT-REPORT.md from the evidence, or write a page about the release')
            [CompletionResult]::new('archive', 'archive', [CompletionResultType]::ParameterValue, 'Close the release and move it to .artifacts/releases/')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule, a gate, a clause, a piece of evidence or a prerequisite')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print a JSON Schema')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Play a complete honest release through all four gates, then tamper with a copy')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'd3p;setup' {
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'A service that is released; once for each, and where none is named the project''s own name')
            [CompletionResult]::new('--person', '--person', [CompletionResultType]::ParameterName, 'Who may approve: NAME, ROLE, ADDRESS, KEY.pub, WHERE THEY ARE REACHED; a key of ~/.ssh whose comment is the address is found')
            [CompletionResult]::new('--prometheus', '--prometheus', [CompletionResultType]::ParameterName, 'Address of the Prometheus that watches production; what it has is proposed as signals')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'When a signal is healthy, such as \"error_rate < 1%\"')
            [CompletionResult]::new('--window', '--window', [CompletionResultType]::ParameterName, 'How long a release is watched after its launch')
            [CompletionResult]::new('--without', '--without', [CompletionResultType]::ParameterName, 'What this project does not have, and why: KIND=REASON, or KIND,KIND=REASON')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Full name of who decided that; who wrote the last commit unless said')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;init' {
            [CompletionResult]::new('--release', '--release', [CompletionResultType]::ParameterName, 'Version of the release')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'A service that is released; once for each')
            [CompletionResult]::new('--artifact', '--artifact', [CompletionResultType]::ParameterName, 'A local file that is released; its digest goes into the manifest')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'The release before, whose later commits are proposed as scope; by default the last tag')
            [CompletionResult]::new('--window', '--window', [CompletionResultType]::ParameterName, 'The release window: from now on for so long; without it the plan asks for one')
            [CompletionResult]::new('--attempt', '--attempt', [CompletionResultType]::ParameterName, 'Which try at this release it is; by default one more than were archived')
            [CompletionResult]::new('--ci', '--ci', [CompletionResultType]::ParameterName, 'Write jobs for this forge instead, which check, collect evidence, launch and watch')
            [CompletionResult]::new('--build', '--build', [CompletionResultType]::ParameterName, 'The full id of the commit of d3p that these jobs build and run')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;pin' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--reopen', '--reopen', [CompletionResultType]::ParameterName, 'Move it though a gate has bound it; re-opens that gate and all after it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;doc' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Show every place, also those that are written')
            [CompletionResult]::new('--cite', '--cite', [CompletionResultType]::ParameterName, 'Write into each open place what a file of the repository says under a heading that asks the same')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;fmt' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be aligned')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;next' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--launch', '--launch', [CompletionResultType]::ParameterName, 'Also begin the launch, where everything that it waits for is there')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;status' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Every release that is open below these directories, or lies in an archive there')
            [CompletionResult]::new('--recursive', '--recursive', [CompletionResultType]::ParameterName, 'Every release that is open below these directories, or lies in an archive there')
            [CompletionResult]::new('--next', '--next', [CompletionResultType]::ParameterName, 'Only the one next command')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;prompt' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;record' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Body to record; `-` reads standard input')
            [CompletionResult]::new('--junit', '--junit', [CompletionResultType]::ParameterName, 'JUnit XML; SUITE= names the suite (or the service) that the files are of')
            [CompletionResult]::new('--sarif', '--sarif', [CompletionResultType]::ParameterName, 'SARIF of a scanner')
            [CompletionResult]::new('--performance', '--performance', [CompletionResultType]::ParameterName, 'Performance JSON; see `d3p schema performance`')
            [CompletionResult]::new('--prometheus', '--prometheus', [CompletionResultType]::ParameterName, 'Prometheus text exposition, of which `metrics` in d3p.yaml names the samples')
            [CompletionResult]::new('--health', '--health', [CompletionResultType]::ParameterName, 'Health checks; see `d3p schema health-checks`')
            [CompletionResult]::new('--promtool', '--promtool', [CompletionResultType]::ParameterName, 'What `promtool test rules` says, both of its outputs')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Files of the release''s commit that show a part of the evidence')
            [CompletionResult]::new('--sign-key', '--sign-key', [CompletionResultType]::ParameterName, 'Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key itself, or D3P_SIGNING_KEY_FILE, its path, where they are set')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Full name of the person who decides')
            [CompletionResult]::new('--decision', '--decision', [CompletionResultType]::ParameterName, 'The decision')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--example', '--example', [CompletionResultType]::ParameterName, 'Print a filled example body and write nothing')
            [CompletionResult]::new('--reopen', '--reopen', [CompletionResultType]::ParameterName, 'Record anew what a gate has already bound; re-opens that gate and all after it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;run' {
            [CompletionResult]::new('--without-decision', '--without-decision', [CompletionResultType]::ParameterName, 'Roll back at once, though nobody has decided it; somebody of the authority tree must afterwards')
            [CompletionResult]::new('--sign-key', '--sign-key', [CompletionResultType]::ParameterName, 'Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key itself, or D3P_SIGNING_KEY_FILE, its path, where they are set')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--reopen', '--reopen', [CompletionResultType]::ParameterName, 'Run it though a gate has already bound its evidence; re-opens that gate and all after it')
            [CompletionResult]::new('--rehearse', '--rehearse', [CompletionResultType]::ParameterName, 'Take one sample before the launch and compare it with the table of signals; keep nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;announce' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Show the protocol''s announcements')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;confirm' {
            [CompletionResult]::new('--answer', '--answer', [CompletionResultType]::ParameterName, 'The answer, where there is no terminal to ask on')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Full name of the person who answers')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'What they say besides')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;tick' {
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Full name of the person who saw it')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;approve' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Ask for a decision: writes what is to be approved, for people to read')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show what a signature would cover, and what changed since the request')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Decide, with the person''s own SSH key')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who signed, who is missing, and what no longer counts')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'd3p;approve;request' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;approve;show' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;approve;sign' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Who decides: the name in .d3p/allowed_signers, often a mail address')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'The role they decide in')
            [CompletionResult]::new('--decision', '--decision', [CompletionResultType]::ParameterName, 'The decision')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why, which is signed with it: of a NO_GO, what has to be mended')
            [CompletionResult]::new('--seen', '--seen', [CompletionResultType]::ParameterName, 'Sign only what d3p approve show showed: the digest that it prints')
            [CompletionResult]::new('--override-window', '--override-window', [CompletionResultType]::ParameterName, 'Let the launch lie in this denied window of d3p.yaml, by its id')
            [CompletionResult]::new('--take-over', '--take-over', [CompletionResultType]::ParameterName, 'Let the launch take over a launch lock whose runner is gone, by the object that it is set to')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--without-lock', '--without-lock', [CompletionResultType]::ParameterName, 'Let the launch go without the launch lock where that cannot be taken')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;approve;status' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;approve;help' {
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Ask for a decision: writes what is to be approved, for people to read')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show what a signature would cover, and what changed since the request')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Decide, with the person''s own SSH key')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who signed, who is missing, and what no longer counts')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'd3p;approve;help;request' {
            break
        }
        'd3p;approve;help;show' {
            break
        }
        'd3p;approve;help;sign' {
            break
        }
        'd3p;approve;help;status' {
            break
        }
        'd3p;approve;help;help' {
            break
        }
        'd3p;rollout' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Go through all stages, from where the rollout is')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show each stage and what was measured of it')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Go on although a stage did not pass: the decision to continue, signed')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Take the launch back: the decision to roll back, signed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'd3p;rollout;run' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;rollout;status' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;rollout;promote' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'The role they decide in')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;rollout;abort' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'The role they decide in')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;rollout;help' {
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Go through all stages, from where the rollout is')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show each stage and what was measured of it')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Go on although a stage did not pass: the decision to continue, signed')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Take the launch back: the decision to roll back, signed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'd3p;rollout;help;run' {
            break
        }
        'd3p;rollout;help;status' {
            break
        }
        'd3p;rollout;help;promote' {
            break
        }
        'd3p;rollout;help;abort' {
            break
        }
        'd3p;rollout;help;help' {
            break
        }
        'd3p;watch' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--backfill', '--backfill', [CompletionResultType]::ParameterName, 'Only what is due by now, and not what is to come')
            [CompletionResult]::new('--rehearse', '--rehearse', [CompletionResultType]::ParameterName, 'Ask whether the server could be asked after the launch; keep nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;rollback' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('decide', 'decide', [CompletionResultType]::ParameterValue, 'Decide, as a person of the authority tree, with the person''s own SSH key')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who may decide and how they are reached, who decided what, and what is missing')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'd3p;rollback;decide' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off')
            [CompletionResult]::new('--decision', '--decision', [CompletionResultType]::ParameterName, 'The decision; asked for on a terminal when absent')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'The role they decide in')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;rollback;status' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;rollback;help' {
            [CompletionResult]::new('decide', 'decide', [CompletionResultType]::ParameterValue, 'Decide, as a person of the authority tree, with the person''s own SSH key')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who may decide and how they are reached, who decided what, and what is missing')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'd3p;rollback;help;decide' {
            break
        }
        'd3p;rollback;help;status' {
            break
        }
        'd3p;rollback;help;help' {
            break
        }
        'd3p;waive' {
            [CompletionResult]::new('--path', '--path', [CompletionResultType]::ParameterName, 'The file that it is at; needed where the rule finds more than one thing')
            [CompletionResult]::new('--pointer', '--pointer', [CompletionResultType]::ParameterName, 'Only what is found at this JSON pointer in it, or below')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'When it ends: a day, which is its 00:00 UTC, or a time with offset')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why it may stand')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Who lets it: the name in .d3p/allowed_signers, often a mail address')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'The role they decide in')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Show all waivers, and what each is worth')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Drop waivers of this rule, and all that count for nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;applies' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;skip' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Who decides: the name in .d3p/allowed_signers; a full name where nothing is signed')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why the phase is skipped')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;withdraw' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Who withdraws it: the name in .d3p/allowed_signers, often a mail address')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why its time is wrong')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'The role they decide in')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;check' {
            [CompletionResult]::new('--through', '--through', [CompletionResultType]::ParameterName, 'Ask for everything that is due up to this gate')
            [CompletionResult]::new('--before', '--before', [CompletionResultType]::ParameterName, 'Ask whether this step may be taken now')
            [CompletionResult]::new('--policy-commit', '--policy-commit', [CompletionResultType]::ParameterName, 'Read policy and signers from this commit, never from the work tree; its full id, and where the project lies in it, if that could be more than one place')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Allowed signers from outside this tree: a file, or the digest that the tree''s file, or the whole policy with its signers, must have')
            [CompletionResult]::new('--expect-head', '--expect-head', [CompletionResultType]::ParameterName, 'A line of the ledger that must be there: the head that somebody kept, and when they did')
            [CompletionResult]::new('--min-assurance', '--min-assurance', [CompletionResultType]::ParameterName, 'What the approval must at least be worth: L0 typed, L1 signed by signers of this tree, L2 by signers of a policy from outside it, L3 with hardware presence and an outside time')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Every release that is open below these directories, or lies in an archive there')
            [CompletionResult]::new('--recursive', '--recursive', [CompletionResultType]::ParameterName, 'Every release that is open below these directories, or lies in an archive there')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;serve' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Address to listen at')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;gate' {
            [CompletionResult]::new('--sign-key', '--sign-key', [CompletionResultType]::ParameterName, 'Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key itself, or D3P_SIGNING_KEY_FILE, its path, where they are set')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the verdict and write nothing')
            [CompletionResult]::new('--refreeze', '--refreeze', [CompletionResultType]::ParameterName, 'Take the edited d3p.yaml into this release (first gate, before launch)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;diff' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;doctor' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--restore', '--restore', [CompletionResultType]::ParameterName, 'Bring back what can be had back')
            [CompletionResult]::new('--set-aside', '--set-aside', [CompletionResultType]::ParameterName, 'Take away files that nothing names; they are kept in .d3p/replaced/')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;verify' {
            [CompletionResult]::new('--through', '--through', [CompletionResultType]::ParameterName, 'Only up to this gate')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Where logs lie that are kept out of git')
            [CompletionResult]::new('--policy-commit', '--policy-commit', [CompletionResultType]::ParameterName, 'Read policy and signers from this commit, never from the work tree; its full id, and where the project lies in it, if that could be more than one place')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Allowed signers from outside this tree: a file, or the digest that the tree''s file, or the whole policy with its signers, must have')
            [CompletionResult]::new('--expect-head', '--expect-head', [CompletionResultType]::ParameterName, 'A line of the ledger that must be there: the head that somebody kept, and when they did')
            [CompletionResult]::new('--min-assurance', '--min-assurance', [CompletionResultType]::ParameterName, 'What the approval must at least be worth: L0 typed, L1 signed by signers of this tree, L2 by signers of a policy from outside it, L3 with hardware presence and an outside time')
            [CompletionResult]::new('--history', '--history', [CompletionResultType]::ParameterName, 'Compare each commit of BASE..HEAD with its parents: the ledger only grew, what it names stayed')
            [CompletionResult]::new('--min-facts', '--min-facts', [CompletionResultType]::ParameterName, 'What the facts of each gate must at least be worth')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'As what the release is expected to have ended; one that was rolled back verifies as that')
            [CompletionResult]::new('--html', '--html', [CompletionResultType]::ParameterName, 'Also write a page for people, as --format html=FILE does')
            [CompletionResult]::new('--release', '--release', [CompletionResultType]::ParameterName, 'The version that is expected')
            [CompletionResult]::new('--commit', '--commit', [CompletionResultType]::ParameterName, 'The full commit id that is expected')
            [CompletionResult]::new('--artifact', '--artifact', [CompletionResultType]::ParameterName, 'The digest of an artifact that is about to be deployed')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Every release that is open below these directories, or lies in an archive there')
            [CompletionResult]::new('--recursive', '--recursive', [CompletionResultType]::ParameterName, 'Every release that is open below these directories, or lies in an archive there')
            [CompletionResult]::new('--require-trust', '--require-trust', [CompletionResultType]::ParameterName, 'Refuse to verify (exit 2) without a policy or signers from outside the tree')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Ask the repository of launch_lock what other machines published, and what the lock is set to')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;population' {
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Every release that is open below these directories, or lies in an archive there')
            [CompletionResult]::new('--recursive', '--recursive', [CompletionResultType]::ParameterName, 'Every release that is open below these directories, or lies in an archive there')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Only from this moment, or day, on')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Only up to this moment, or the end of this day')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;bundle' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Write a bundle: the same bytes for the same files')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'd3p;bundle;create' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;bundle;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Write a bundle: the same bytes for the same files')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'd3p;bundle;help;create' {
            break
        }
        'd3p;bundle;help;help' {
            break
        }
        'd3p;handoff' {
            [CompletionResult]::new('--taken-by', '--taken-by', [CompletionResultType]::ParameterName, 'Record that this person took it')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;report' {
            [CompletionResult]::new('--html', '--html', [CompletionResultType]::ParameterName, 'Compile nothing, and write a page about the release to this file instead')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;archive' {
            [CompletionResult]::new('--outcome', '--outcome', [CompletionResultType]::ParameterName, 'How the release ended')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why, where it was superseded or abandoned')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;explain' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Everything that has a name, which is also what is shown without one')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;schema' {
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;demo' {
            [CompletionResult]::new('--into', '--into', [CompletionResultType]::ParameterName, 'Keep the release in this directory, which must be new or empty')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Work in DIR instead of the current directory')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours (NO_COLOR is respected)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show everything instead of ten groups')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show only the result')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'd3p;help' {
            [CompletionResult]::new('setup', 'setup', [CompletionResultType]::ParameterValue, 'Write what a release needs of the project: persons, hooks, signals, as the repository shows them')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Scaffold a release: policy, documents, manifest; keeps everything that exists')
            [CompletionResult]::new('pin', 'pin', [CompletionResultType]::ParameterValue, 'Set the release to a commit: what hooks run, and what is deployed')
            [CompletionResult]::new('doc', 'doc', [CompletionResultType]::ParameterValue, 'Show what people still have to write, and write it where it belongs')
            [CompletionResult]::new('fmt', 'fmt', [CompletionResultType]::ParameterValue, 'Align the tables of documents; no word is touched')
            [CompletionResult]::new('next', 'next', [CompletionResultType]::ParameterValue, 'Do one step after another until a person is needed')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show gates, evidence and checkpoints')
            [CompletionResult]::new('prompt', 'prompt', [CompletionResultType]::ParameterValue, 'Print the instructions of an agent, filled from this release; or name what is lacking for them')
            [CompletionResult]::new('record', 'record', [CompletionResultType]::ParameterValue, 'Record a piece of evidence')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a hook of d3p.yaml and record what really happened')
            [CompletionResult]::new('announce', 'announce', [CompletionResultType]::ParameterValue, 'Say the protocol''s exact words, or your own, in the communications log')
            [CompletionResult]::new('confirm', 'confirm', [CompletionResultType]::ParameterValue, 'Put a question to a person and record Yes, No or Clarify')
            [CompletionResult]::new('tick', 'tick', [CompletionResultType]::ParameterValue, 'Tick items of a service''s checklist that somebody saw to hold in production')
            [CompletionResult]::new('approve', 'approve', [CompletionResultType]::ParameterValue, 'Request, show, sign or list the decision on the launch')
            [CompletionResult]::new('rollout', 'rollout', [CompletionResultType]::ParameterValue, 'Go through the stages of the launch, judged by what production does')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Watch the health window by the queries of its signals, on its schedule or afterwards')
            [CompletionResult]::new('rollback', 'rollback', [CompletionResultType]::ParameterValue, 'Decide whether the launch is taken back, or show who may')
            [CompletionResult]::new('waive', 'waive', [CompletionResultType]::ParameterValue, 'Let a finding stand for a while: a signed exception that ends')
            [CompletionResult]::new('applies', 'applies', [CompletionResultType]::ParameterValue, 'Show whether the phase is gone through, and which of its parts apply, by the facts of d3p.yaml')
            [CompletionResult]::new('skip', 'skip', [CompletionResultType]::ParameterValue, 'Decide that the phase is not gone through for this release, since nothing is deployed: signed')
            [CompletionResult]::new('withdraw', 'withdraw', [CompletionResultType]::ParameterValue, 'Withdraw the time of a line of the ledger that a clock which was ahead wrote: signed')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Lint documents and evidence, or ask for clearance before a step')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer engines that ask whether a step may be taken, such as Flagger')
            [CompletionResult]::new('gate', 'gate', [CompletionResultType]::ParameterValue, 'Compute a gate, and record a pass')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what changed since a gate passed')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Show what is damaged and where it can be had back, and bring it back')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Recompute everything and compare it with the records')
            [CompletionResult]::new('population', 'population', [CompletionResultType]::ParameterValue, 'List each release of a period: how it ended, who decided, when, and what is missing')
            [CompletionResult]::new('bundle', 'bundle', [CompletionResultType]::ParameterValue, 'Pack a release into one file that verifies on another machine')
            [CompletionResult]::new('handoff', 'handoff', [CompletionResultType]::ParameterValue, 'Pack what a consumer of the release is given, or record who took it')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Compile DEPLOYMENT-REPORT.md from the evidence, or write a page about the release')
            [CompletionResult]::new('archive', 'archive', [CompletionResultType]::ParameterValue, 'Close the release and move it to .artifacts/releases/')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule, a gate, a clause, a piece of evidence or a prerequisite')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print a JSON Schema')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Play a complete honest release through all four gates, then tamper with a copy')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'd3p;help;setup' {
            break
        }
        'd3p;help;init' {
            break
        }
        'd3p;help;pin' {
            break
        }
        'd3p;help;doc' {
            break
        }
        'd3p;help;fmt' {
            break
        }
        'd3p;help;next' {
            break
        }
        'd3p;help;status' {
            break
        }
        'd3p;help;prompt' {
            break
        }
        'd3p;help;record' {
            break
        }
        'd3p;help;run' {
            break
        }
        'd3p;help;announce' {
            break
        }
        'd3p;help;confirm' {
            break
        }
        'd3p;help;tick' {
            break
        }
        'd3p;help;approve' {
            [CompletionResult]::new('request', 'request', [CompletionResultType]::ParameterValue, 'Ask for a decision: writes what is to be approved, for people to read')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show what a signature would cover, and what changed since the request')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Decide, with the person''s own SSH key')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who signed, who is missing, and what no longer counts')
            break
        }
        'd3p;help;approve;request' {
            break
        }
        'd3p;help;approve;show' {
            break
        }
        'd3p;help;approve;sign' {
            break
        }
        'd3p;help;approve;status' {
            break
        }
        'd3p;help;rollout' {
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Go through all stages, from where the rollout is')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show each stage and what was measured of it')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Go on although a stage did not pass: the decision to continue, signed')
            [CompletionResult]::new('abort', 'abort', [CompletionResultType]::ParameterValue, 'Take the launch back: the decision to roll back, signed')
            break
        }
        'd3p;help;rollout;run' {
            break
        }
        'd3p;help;rollout;status' {
            break
        }
        'd3p;help;rollout;promote' {
            break
        }
        'd3p;help;rollout;abort' {
            break
        }
        'd3p;help;watch' {
            break
        }
        'd3p;help;rollback' {
            [CompletionResult]::new('decide', 'decide', [CompletionResultType]::ParameterValue, 'Decide, as a person of the authority tree, with the person''s own SSH key')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show who may decide and how they are reached, who decided what, and what is missing')
            break
        }
        'd3p;help;rollback;decide' {
            break
        }
        'd3p;help;rollback;status' {
            break
        }
        'd3p;help;waive' {
            break
        }
        'd3p;help;applies' {
            break
        }
        'd3p;help;skip' {
            break
        }
        'd3p;help;withdraw' {
            break
        }
        'd3p;help;check' {
            break
        }
        'd3p;help;serve' {
            break
        }
        'd3p;help;gate' {
            break
        }
        'd3p;help;diff' {
            break
        }
        'd3p;help;doctor' {
            break
        }
        'd3p;help;verify' {
            break
        }
        'd3p;help;population' {
            break
        }
        'd3p;help;bundle' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Write a bundle: the same bytes for the same files')
            break
        }
        'd3p;help;bundle;create' {
            break
        }
        'd3p;help;handoff' {
            break
        }
        'd3p;help;report' {
            break
        }
        'd3p;help;archive' {
            break
        }
        'd3p;help;explain' {
            break
        }
        'd3p;help;schema' {
            break
        }
        'd3p;help;demo' {
            break
        }
        'd3p;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
