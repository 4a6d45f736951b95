
use builtin;
use str;

set edit:completion:arg-completer[d3p] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'd3p'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'d3p'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand setup 'Write what a release needs of the project: persons, hooks, signals, as the repository shows them'
            cand init 'Scaffold a release: policy, documents, manifest; keeps everything that exists'
            cand pin 'Set the release to a commit: what hooks run, and what is deployed'
            cand doc 'Show what people still have to write, and write it where it belongs'
            cand fmt 'Align the tables of documents; no word is touched'
            cand next 'Do one step after another until a person is needed'
            cand status 'Show gates, evidence and checkpoints'
            cand prompt 'Print the instructions of an agent, filled from this release; or name what is lacking for them'
            cand record 'Record a piece of evidence'
            cand run 'Run a hook of d3p.yaml and record what really happened'
            cand announce 'Say the protocol''s exact words, or your own, in the communications log'
            cand confirm 'Put a question to a person and record Yes, No or Clarify'
            cand tick 'Tick items of a service''s checklist that somebody saw to hold in production'
            cand approve 'Request, show, sign or list the decision on the launch'
            cand rollout 'Go through the stages of the launch, judged by what production does'
            cand watch 'Watch the health window by the queries of its signals, on its schedule or afterwards'
            cand rollback 'Decide whether the launch is taken back, or show who may'
            cand waive 'Let a finding stand for a while: a signed exception that ends'
            cand applies 'Show whether the phase is gone through, and which of its parts apply, by the facts of d3p.yaml'
            cand skip 'Decide that the phase is not gone through for this release, since nothing is deployed: signed'
            cand withdraw 'Withdraw the time of a line of the ledger that a clock which was ahead wrote: signed'
            cand check 'Lint documents and evidence, or ask for clearance before a step'
            cand serve 'Answer engines that ask whether a step may be taken, such as Flagger'
            cand gate 'Compute a gate, and record a pass'
            cand diff 'Show what changed since a gate passed'
            cand doctor 'Show what is damaged and where it can be had back, and bring it back'
            cand verify 'Recompute everything and compare it with the records'
            cand population 'List each release of a period: how it ended, who decided, when, and what is missing'
            cand bundle 'Pack a release into one file that verifies on another machine'
            cand handoff 'Pack what a consumer of the release is given, or record who took it'
            cand report 'Compile DEPLOYMENT-REPORT.md from the evidence, or write a page about the release'
            cand archive 'Close the release and move it to .artifacts/releases/'
            cand explain 'Explain a rule, a gate, a clause, a piece of evidence or a prerequisite'
            cand schema 'Print a JSON Schema'
            cand demo 'Play a complete honest release through all four gates, then tamper with a copy'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'d3p;setup'= {
            cand --service 'A service that is released; once for each, and where none is named the project''s own name'
            cand --person 'Who may approve: NAME, ROLE, ADDRESS, KEY.pub, WHERE THEY ARE REACHED; a key of ~/.ssh whose comment is the address is found'
            cand --prometheus 'Address of the Prometheus that watches production; what it has is proposed as signals'
            cand --threshold 'When a signal is healthy, such as \"error_rate < 1%\"'
            cand --window 'How long a release is watched after its launch'
            cand --without 'What this project does not have, and why: KIND=REASON, or KIND,KIND=REASON'
            cand --by 'Full name of who decided that; who wrote the last commit unless said'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;init'= {
            cand --release 'Version of the release'
            cand --service 'A service that is released; once for each'
            cand --artifact 'A local file that is released; its digest goes into the manifest'
            cand --since 'The release before, whose later commits are proposed as scope; by default the last tag'
            cand --window 'The release window: from now on for so long; without it the plan asks for one'
            cand --attempt 'Which try at this release it is; by default one more than were archived'
            cand --ci 'Write jobs for this forge instead, which check, collect evidence, launch and watch'
            cand --build 'The full id of the commit of d3p that these jobs build and run'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --dry-run 'Show what would be written'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;pin'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --reopen 'Move it though a gate has bound it; re-opens that gate and all after it'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;doc'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --all 'Show every place, also those that are written'
            cand --cite 'Write into each open place what a file of the repository says under a heading that asks the same'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;fmt'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --dry-run 'Show what would be aligned'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;next'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --launch 'Also begin the launch, where everything that it waits for is there'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;status'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -r 'Every release that is open below these directories, or lies in an archive there'
            cand --recursive 'Every release that is open below these directories, or lies in an archive there'
            cand --next 'Only the one next command'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;prompt'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;record'= {
            cand --from 'Body to record; `-` reads standard input'
            cand --junit 'JUnit XML; SUITE= names the suite (or the service) that the files are of'
            cand --sarif 'SARIF of a scanner'
            cand --performance 'Performance JSON; see `d3p schema performance`'
            cand --prometheus 'Prometheus text exposition, of which `metrics` in d3p.yaml names the samples'
            cand --health 'Health checks; see `d3p schema health-checks`'
            cand --promtool 'What `promtool test rules` says, both of its outputs'
            cand --file 'Files of the release''s commit that show a part of the evidence'
            cand --sign-key 'Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key itself, or D3P_SIGNING_KEY_FILE, its path, where they are set'
            cand --by 'Full name of the person who decides'
            cand --decision 'The decision'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --example 'Print a filled example body and write nothing'
            cand --reopen 'Record anew what a gate has already bound; re-opens that gate and all after it'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;run'= {
            cand --without-decision 'Roll back at once, though nobody has decided it; somebody of the authority tree must afterwards'
            cand --sign-key 'Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key itself, or D3P_SIGNING_KEY_FILE, its path, where they are set'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --reopen 'Run it though a gate has already bound its evidence; re-opens that gate and all after it'
            cand --rehearse 'Take one sample before the launch and compare it with the table of signals; keep nothing'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;announce'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --list 'Show the protocol''s announcements'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;confirm'= {
            cand --answer 'The answer, where there is no terminal to ask on'
            cand --by 'Full name of the person who answers'
            cand --note 'What they say besides'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;tick'= {
            cand --by 'Full name of the person who saw it'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;approve'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand request 'Ask for a decision: writes what is to be approved, for people to read'
            cand show 'Show what a signature would cover, and what changed since the request'
            cand sign 'Decide, with the person''s own SSH key'
            cand status 'Show who signed, who is missing, and what no longer counts'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'d3p;approve;request'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;approve;show'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;approve;sign'= {
            cand --as 'Who decides: the name in .d3p/allowed_signers, often a mail address'
            cand --role 'The role they decide in'
            cand --decision 'The decision'
            cand --reason 'Why, which is signed with it: of a NO_GO, what has to be mended'
            cand --seen 'Sign only what d3p approve show showed: the digest that it prints'
            cand --override-window 'Let the launch lie in this denied window of d3p.yaml, by its id'
            cand --take-over 'Let the launch take over a launch lock whose runner is gone, by the object that it is set to'
            cand --key 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --without-lock 'Let the launch go without the launch lock where that cannot be taken'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;approve;status'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;approve;help'= {
            cand request 'Ask for a decision: writes what is to be approved, for people to read'
            cand show 'Show what a signature would cover, and what changed since the request'
            cand sign 'Decide, with the person''s own SSH key'
            cand status 'Show who signed, who is missing, and what no longer counts'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'d3p;approve;help;request'= {
        }
        &'d3p;approve;help;show'= {
        }
        &'d3p;approve;help;sign'= {
        }
        &'d3p;approve;help;status'= {
        }
        &'d3p;approve;help;help'= {
        }
        &'d3p;rollout'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand run 'Go through all stages, from where the rollout is'
            cand status 'Show each stage and what was measured of it'
            cand promote 'Go on although a stage did not pass: the decision to continue, signed'
            cand abort 'Take the launch back: the decision to roll back, signed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'d3p;rollout;run'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;rollout;status'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;rollout;promote'= {
            cand --as 'Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off'
            cand --reason 'Why'
            cand --role 'The role they decide in'
            cand --key 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;rollout;abort'= {
            cand --as 'Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off'
            cand --reason 'Why'
            cand --role 'The role they decide in'
            cand --key 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;rollout;help'= {
            cand run 'Go through all stages, from where the rollout is'
            cand status 'Show each stage and what was measured of it'
            cand promote 'Go on although a stage did not pass: the decision to continue, signed'
            cand abort 'Take the launch back: the decision to roll back, signed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'d3p;rollout;help;run'= {
        }
        &'d3p;rollout;help;status'= {
        }
        &'d3p;rollout;help;promote'= {
        }
        &'d3p;rollout;help;abort'= {
        }
        &'d3p;rollout;help;help'= {
        }
        &'d3p;watch'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --backfill 'Only what is due by now, and not what is to come'
            cand --rehearse 'Ask whether the server could be asked after the launch; keep nothing'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;rollback'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand decide 'Decide, as a person of the authority tree, with the person''s own SSH key'
            cand status 'Show who may decide and how they are reached, who decided what, and what is missing'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'d3p;rollback;decide'= {
            cand --as 'Who decides: the name in .d3p/allowed_signers, or the full name while signatures are off'
            cand --decision 'The decision; asked for on a terminal when absent'
            cand --reason 'Why'
            cand --role 'The role they decide in'
            cand --key 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;rollback;status'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;rollback;help'= {
            cand decide 'Decide, as a person of the authority tree, with the person''s own SSH key'
            cand status 'Show who may decide and how they are reached, who decided what, and what is missing'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'d3p;rollback;help;decide'= {
        }
        &'d3p;rollback;help;status'= {
        }
        &'d3p;rollback;help;help'= {
        }
        &'d3p;waive'= {
            cand --path 'The file that it is at; needed where the rule finds more than one thing'
            cand --pointer 'Only what is found at this JSON pointer in it, or below'
            cand --until 'When it ends: a day, which is its 00:00 UTC, or a time with offset'
            cand --reason 'Why it may stand'
            cand --as 'Who lets it: the name in .d3p/allowed_signers, often a mail address'
            cand --role 'The role they decide in'
            cand --key 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --list 'Show all waivers, and what each is worth'
            cand --remove 'Drop waivers of this rule, and all that count for nothing'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;applies'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;skip'= {
            cand --as 'Who decides: the name in .d3p/allowed_signers; a full name where nothing is signed'
            cand --reason 'Why the phase is skipped'
            cand --key 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;withdraw'= {
            cand --as 'Who withdraws it: the name in .d3p/allowed_signers, often a mail address'
            cand --reason 'Why its time is wrong'
            cand --role 'The role they decide in'
            cand --key 'Their key; by default the one in ~/.ssh that .d3p/allowed_signers gives them'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;check'= {
            cand --through 'Ask for everything that is due up to this gate'
            cand --before 'Ask whether this step may be taken now'
            cand --policy-commit 'Read policy and signers from this commit, never from the work tree; its full id, and where the project lies in it, if that could be more than one place'
            cand --trust-root 'Allowed signers from outside this tree: a file, or the digest that the tree''s file, or the whole policy with its signers, must have'
            cand --expect-head 'A line of the ledger that must be there: the head that somebody kept, and when they did'
            cand --min-assurance 'What the approval must at least be worth: L0 typed, L1 signed by signers of this tree, L2 by signers of a policy from outside it, L3 with hardware presence and an outside time'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -r 'Every release that is open below these directories, or lies in an archive there'
            cand --recursive 'Every release that is open below these directories, or lies in an archive there'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;serve'= {
            cand --listen 'Address to listen at'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;gate'= {
            cand --sign-key 'Sign as a machine of d3p.yaml, with this private key (PEM); else D3P_SIGNING_KEY, the key itself, or D3P_SIGNING_KEY_FILE, its path, where they are set'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --dry-run 'Show the verdict and write nothing'
            cand --refreeze 'Take the edited d3p.yaml into this release (first gate, before launch)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;diff'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;doctor'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --restore 'Bring back what can be had back'
            cand --set-aside 'Take away files that nothing names; they are kept in .d3p/replaced/'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;verify'= {
            cand --through 'Only up to this gate'
            cand --raw 'Where logs lie that are kept out of git'
            cand --policy-commit 'Read policy and signers from this commit, never from the work tree; its full id, and where the project lies in it, if that could be more than one place'
            cand --trust-root 'Allowed signers from outside this tree: a file, or the digest that the tree''s file, or the whole policy with its signers, must have'
            cand --expect-head 'A line of the ledger that must be there: the head that somebody kept, and when they did'
            cand --min-assurance 'What the approval must at least be worth: L0 typed, L1 signed by signers of this tree, L2 by signers of a policy from outside it, L3 with hardware presence and an outside time'
            cand --history 'Compare each commit of BASE..HEAD with its parents: the ledger only grew, what it names stayed'
            cand --min-facts 'What the facts of each gate must at least be worth'
            cand --expect 'As what the release is expected to have ended; one that was rolled back verifies as that'
            cand --html 'Also write a page for people, as --format html=FILE does'
            cand --release 'The version that is expected'
            cand --commit 'The full commit id that is expected'
            cand --artifact 'The digest of an artifact that is about to be deployed'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -r 'Every release that is open below these directories, or lies in an archive there'
            cand --recursive 'Every release that is open below these directories, or lies in an archive there'
            cand --require-trust 'Refuse to verify (exit 2) without a policy or signers from outside the tree'
            cand --remote 'Ask the repository of launch_lock what other machines published, and what the lock is set to'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;population'= {
            cand -r 'Every release that is open below these directories, or lies in an archive there'
            cand --recursive 'Every release that is open below these directories, or lies in an archive there'
            cand --from 'Only from this moment, or day, on'
            cand --to 'Only up to this moment, or the end of this day'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;bundle'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand create 'Write a bundle: the same bytes for the same files'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'d3p;bundle;create'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;bundle;help'= {
            cand create 'Write a bundle: the same bytes for the same files'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'d3p;bundle;help;create'= {
        }
        &'d3p;bundle;help;help'= {
        }
        &'d3p;handoff'= {
            cand --taken-by 'Record that this person took it'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;report'= {
            cand --html 'Compile nothing, and write a page about the release to this file instead'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;archive'= {
            cand --outcome 'How the release ended'
            cand --reason 'Why, where it was superseded or abandoned'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;explain'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand --list 'Everything that has a name, which is also what is shown without one'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;schema'= {
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;demo'= {
            cand --into 'Keep the release in this directory, which must be new or empty'
            cand -C 'Work in DIR instead of the current directory'
            cand --phase 'The phase that is meant, where releases of two are open; `init` takes a phase.yaml too'
            cand --format 'Output format, or FORMAT=FILE for one more, beside what is shown: human, json; for check, gate, status and verify also sarif, junit, github, gitlab, markdown, html; for population also csv'
            cand --color 'When to use colours (NO_COLOR is respected)'
            cand -v 'Show everything instead of ten groups'
            cand --verbose 'Show everything instead of ten groups'
            cand -q 'Show only the result'
            cand --quiet 'Show only the result'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'d3p;help'= {
            cand setup 'Write what a release needs of the project: persons, hooks, signals, as the repository shows them'
            cand init 'Scaffold a release: policy, documents, manifest; keeps everything that exists'
            cand pin 'Set the release to a commit: what hooks run, and what is deployed'
            cand doc 'Show what people still have to write, and write it where it belongs'
            cand fmt 'Align the tables of documents; no word is touched'
            cand next 'Do one step after another until a person is needed'
            cand status 'Show gates, evidence and checkpoints'
            cand prompt 'Print the instructions of an agent, filled from this release; or name what is lacking for them'
            cand record 'Record a piece of evidence'
            cand run 'Run a hook of d3p.yaml and record what really happened'
            cand announce 'Say the protocol''s exact words, or your own, in the communications log'
            cand confirm 'Put a question to a person and record Yes, No or Clarify'
            cand tick 'Tick items of a service''s checklist that somebody saw to hold in production'
            cand approve 'Request, show, sign or list the decision on the launch'
            cand rollout 'Go through the stages of the launch, judged by what production does'
            cand watch 'Watch the health window by the queries of its signals, on its schedule or afterwards'
            cand rollback 'Decide whether the launch is taken back, or show who may'
            cand waive 'Let a finding stand for a while: a signed exception that ends'
            cand applies 'Show whether the phase is gone through, and which of its parts apply, by the facts of d3p.yaml'
            cand skip 'Decide that the phase is not gone through for this release, since nothing is deployed: signed'
            cand withdraw 'Withdraw the time of a line of the ledger that a clock which was ahead wrote: signed'
            cand check 'Lint documents and evidence, or ask for clearance before a step'
            cand serve 'Answer engines that ask whether a step may be taken, such as Flagger'
            cand gate 'Compute a gate, and record a pass'
            cand diff 'Show what changed since a gate passed'
            cand doctor 'Show what is damaged and where it can be had back, and bring it back'
            cand verify 'Recompute everything and compare it with the records'
            cand population 'List each release of a period: how it ended, who decided, when, and what is missing'
            cand bundle 'Pack a release into one file that verifies on another machine'
            cand handoff 'Pack what a consumer of the release is given, or record who took it'
            cand report 'Compile DEPLOYMENT-REPORT.md from the evidence, or write a page about the release'
            cand archive 'Close the release and move it to .artifacts/releases/'
            cand explain 'Explain a rule, a gate, a clause, a piece of evidence or a prerequisite'
            cand schema 'Print a JSON Schema'
            cand demo 'Play a complete honest release through all four gates, then tamper with a copy'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'d3p;help;setup'= {
        }
        &'d3p;help;init'= {
        }
        &'d3p;help;pin'= {
        }
        &'d3p;help;doc'= {
        }
        &'d3p;help;fmt'= {
        }
        &'d3p;help;next'= {
        }
        &'d3p;help;status'= {
        }
        &'d3p;help;prompt'= {
        }
        &'d3p;help;record'= {
        }
        &'d3p;help;run'= {
        }
        &'d3p;help;announce'= {
        }
        &'d3p;help;confirm'= {
        }
        &'d3p;help;tick'= {
        }
        &'d3p;help;approve'= {
            cand request 'Ask for a decision: writes what is to be approved, for people to read'
            cand show 'Show what a signature would cover, and what changed since the request'
            cand sign 'Decide, with the person''s own SSH key'
            cand status 'Show who signed, who is missing, and what no longer counts'
        }
        &'d3p;help;approve;request'= {
        }
        &'d3p;help;approve;show'= {
        }
        &'d3p;help;approve;sign'= {
        }
        &'d3p;help;approve;status'= {
        }
        &'d3p;help;rollout'= {
            cand run 'Go through all stages, from where the rollout is'
            cand status 'Show each stage and what was measured of it'
            cand promote 'Go on although a stage did not pass: the decision to continue, signed'
            cand abort 'Take the launch back: the decision to roll back, signed'
        }
        &'d3p;help;rollout;run'= {
        }
        &'d3p;help;rollout;status'= {
        }
        &'d3p;help;rollout;promote'= {
        }
        &'d3p;help;rollout;abort'= {
        }
        &'d3p;help;watch'= {
        }
        &'d3p;help;rollback'= {
            cand decide 'Decide, as a person of the authority tree, with the person''s own SSH key'
            cand status 'Show who may decide and how they are reached, who decided what, and what is missing'
        }
        &'d3p;help;rollback;decide'= {
        }
        &'d3p;help;rollback;status'= {
        }
        &'d3p;help;waive'= {
        }
        &'d3p;help;applies'= {
        }
        &'d3p;help;skip'= {
        }
        &'d3p;help;withdraw'= {
        }
        &'d3p;help;check'= {
        }
        &'d3p;help;serve'= {
        }
        &'d3p;help;gate'= {
        }
        &'d3p;help;diff'= {
        }
        &'d3p;help;doctor'= {
        }
        &'d3p;help;verify'= {
        }
        &'d3p;help;population'= {
        }
        &'d3p;help;bundle'= {
            cand create 'Write a bundle: the same bytes for the same files'
        }
        &'d3p;help;bundle;create'= {
        }
        &'d3p;help;handoff'= {
        }
        &'d3p;help;report'= {
        }
        &'d3p;help;archive'= {
        }
        &'d3p;help;explain'= {
        }
        &'d3p;help;schema'= {
        }
        &'d3p;help;demo'= {
        }
        &'d3p;help;help'= {
        }
    ]
    $completions[$command]
}
