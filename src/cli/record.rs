//! `d3p record`: puts a header around what happened, checks it, and writes it whole or not at all.

use crate::assets;
use crate::cli::Failure;
use crate::cli::args::{DecisionArg, RecordArgs};
use crate::cli::common::{Global, ledger_entry, release, tree_is_release, write_findings};
use crate::collect::{self, ApprovalRequest, Envelope, compose, header_keys, log_payload};
use crate::decide::{Assessment, assess, assess_afresh};
use crate::definition::{EvidenceDef, EvidenceFormat, NativeCheck};
use crate::env::{Env, Exit};
use crate::markdown::entries::format_entry;
use crate::model::{Finding, Piece, Sha256Digest, State};
use crate::project::{FileEntry, Project, ReadAs, Release};
use crate::record::{EntryKind, FileDigest, LEDGER_PATH, RAW_DIR};
use crate::render::{Report, clean, json};
use crate::rules::gates_covered;
use crate::source::{DEFAULT_LIMIT, Loaded, Root, load_given, load_reader};
use crate::text;
use crate::write::ChangeSet;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;

pub(super) fn run(args: &RecordArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if args.example {
        return example(&args.kind, env);
    }
    let (root, project) = global.open()?;
    let def =
        project.phase.evidence.get(&args.kind).ok_or_else(|| unknown_kind(&project, &args.kind))?;
    let release = release(&project)?;
    let recording =
        Recording { root: &root, project: &project, release: &release, kind: &args.kind, def };
    match def.format {
        EvidenceFormat::AppendOnly => recording.append(args, global, env),
        EvidenceFormat::Markdown if def.computed => {
            Err(Failure::incomplete(format!("{} is compiled: d3p report", args.kind)))
        }
        EvidenceFormat::Markdown => Err(Failure::incomplete(format!(
            "{} is written by hand: edit {}, then d3p check",
            args.kind, def.path
        ))),
        EvidenceFormat::Json => recording.json(args, global, env),
    }
}

fn example(kind: &str, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let text = assets::example(kind).ok_or_else(|| {
        Failure::incomplete(format!("{kind} has no body to fill in"))
            .help("d3p explain KIND says how it is made")
    })?;
    env.out.write_all(text.as_bytes())?;
    Ok(Exit::Passed)
}

fn unknown_kind(project: &Project, kind: &str) -> Failure {
    let known: Vec<&str> = project.phase.evidence.keys().map(String::as_str).collect();
    Failure::incomplete(format!("`{kind}` is no evidence of this phase"))
        .help(format!("kinds: {}", known.join(", ")))
}

struct Recording<'a> {
    root: &'a Root,
    project: &'a Project,
    release: &'a Release,
    kind: &'a str,
    def: &'a EvidenceDef,
}

/// A body and where its facts come from.
struct Body {
    origin: &'static str,
    members: Map<String, Value>,
    cites: BTreeMap<String, String>,
    told: Vec<String>,
}

impl Recording<'_> {
    fn piece(&self) -> Piece {
        Piece::Evidence(self.kind.to_owned())
    }

    fn is_approval(&self) -> bool {
        self.def.native.iter().any(|native| matches!(native, NativeCheck::Approval { .. }))
    }

    /// Records JSON evidence.
    fn json(&self, args: &RecordArgs, global: &Global, env: &mut Env<'_>) -> Result<Exit, Failure> {
        let now = (env.now)();
        let before = assess(self.project, now);
        self.may_be_written(&before, args.reopen)?;
        self.predecessors()?;
        let input = args.from.as_ref().map(|from| env.cwd.join(from));
        let observed_commit =
            tree_is_release(self.root, self.project, self.release, input.as_deref(), env)?;
        let body = self.body(args, &before, env)?;
        let envelope = Envelope {
            kind: self.kind,
            def: self.def,
            origin: body.origin,
            observed_commit,
            cites: body.cites,
            recording: self.next_try(),
            now,
        };
        let candidate =
            |passed| compose(self.project, self.release, &envelope, &body.members, passed);
        // The status is what the facts make: tried as a pass, and turned when they do not hold.
        let (mut value, mut judged) = self.judge(candidate(true), global, env)?;
        if judged.iter().any(|finding| finding.state == Some(State::Failed)) {
            (value, judged) = self.judge(candidate(false), global, env)?;
        }
        let unusable = |finding: &&Finding| {
            matches!(finding.state, Some(State::Invalid | State::Missing | State::Stale))
                && !waits_for_others(finding)
        };
        let refused: Vec<Finding> = judged.iter().filter(unusable).cloned().collect();
        if !refused.is_empty() {
            return self.show_refused(&value, &refused, global, env);
        }
        let text = json::pretty(&value);
        self.write_json(&text, now, env)?;
        for line in &body.told {
            if global.human() && !global.quiet {
                writeln!(env.out, "  {}", clean(line))?;
            }
        }
        self.show_written(&value, &judged, global, env)
    }

    /// What a gate has bound is not overwritten by accident, and never after launch.
    fn may_be_written(&self, assessment: &Assessment, reopen: bool) -> Result<(), Failure> {
        let Some((gate, _)) = self.project.phase.gate_of_evidence(self.kind) else { return Ok(()) };
        let passed = self
            .project
            .ledger
            .last_pass(gate)
            .is_some_and(|line| line.entry.release == self.release.name());
        if !passed || self.project.present(&self.def.path).is_none() {
            return Ok(());
        }
        if self.project.launched_at().is_some() {
            return Err(Failure::refused(format!(
                "gate {gate} bound {}, and production was deployed: it is history",
                self.def.path
            ))
            .help("d3p diff shows what differs from it, and how to restore it")
            .help("d3p archive closes the release and frees the file for the next one"));
        }
        let valid =
            assessment.gates.iter().any(|assessed| assessed.id == gate && assessed.is_valid());
        if valid && !reopen {
            return Err(Failure::refused(format!("gate {gate} is passed and bound {}", self.def.path))
                .help(format!("d3p record {} --reopen … records it anew and re-opens gate {gate} and all after it", self.kind)));
        }
        Ok(())
    }

    fn predecessors(&self) -> Result<(), Failure> {
        for kind in &self.def.after {
            let Some(def) = self.project.phase.evidence.get(kind) else { continue };
            if self.project.exemption(kind).is_none() && self.project.digest_of(&def.path).is_none()
            {
                let how = if def.template.is_some() {
                    "d3p init".to_owned()
                } else {
                    format!("d3p record {kind}")
                };
                return Err(Failure::refused(format!(
                    "{kind} must come before {}, and is not there",
                    self.kind
                ))
                .help(how));
            }
        }
        Ok(())
    }

    fn body(
        &self,
        args: &RecordArgs,
        assessment: &Assessment,
        env: &mut Env<'_>,
    ) -> Result<Body, Failure> {
        if self.def.native.iter().any(|native| matches!(native, NativeCheck::Readiness {})) {
            if args.from.is_some() {
                return Err(Failure::incomplete(format!(
                    "{} looks at the files itself; it takes no --from",
                    self.kind
                )));
            }
            let (members, cites, told) = collect::checklist(self.project, (env.now)());
            return Ok(Body { origin: "computed", members, cites, told });
        }
        if self.is_approval() {
            return self.approval(args, assessment, env);
        }
        let Some(from) = &args.from else {
            return Err(Failure::incomplete(format!("{} needs a body: --from FILE", self.kind))
                .help(format!("d3p record {} --example > .d3p/body.json", self.kind)));
        };
        let members = read_body(from, env)?;
        if let Some(key) = header_keys().iter().find(|key| members.contains_key(**key)) {
            return Err(Failure::refused(format!(
                "the body carries `{key}`, which d3p writes itself"
            ))
            .help(format!("remove `{key}` from {}", from.display())));
        }
        Ok(Body { origin: "typed", members, cites: BTreeMap::new(), told: Vec::new() })
    }

    fn approval(
        &self,
        args: &RecordArgs,
        assessment: &Assessment,
        env: &Env<'_>,
    ) -> Result<Body, Failure> {
        let (Some(by), Some(decision)) = (&args.by, args.decision) else {
            return Err(Failure::incomplete("a decision needs the person and what they decided")
                .help("d3p record production-approval --by \"FULL NAME\" --decision go"));
        };
        let open = gates_covered(self.project).into_iter().find(|gate| {
            !assessment.gates.iter().any(|assessed| assessed.id == *gate && assessed.is_valid())
        });
        if let Some(gate) = open {
            return Err(Failure::refused(format!(
                "gate {gate} is not passed: there is nothing to approve yet"
            ))
            .help(format!("d3p gate {gate}")));
        }
        let documents = self.def.native.iter().flat_map(|native| match native {
            NativeCheck::Approval { documents, .. } => documents.as_slice(),
            _ => &[],
        });
        for id in documents {
            let state = assessment.states.get(&Piece::Document(id.clone()));
            if !state.is_some_and(|state| state.satisfies()) {
                let path = self
                    .project
                    .phase
                    .documents
                    .get(id)
                    .map_or(id.as_str(), |def| def.path.as_str());
                return Err(Failure::refused(format!(
                    "{path} is not complete, and the decision covers it"
                ))
                .help(format!("d3p check {path}")));
            }
        }
        let gate = self.project.phase.gate_of_evidence(self.kind).map_or("", |(gate, _)| gate);
        let request = ApprovalRequest {
            by,
            decision: if decision == DecisionArg::Go { "GO" } else { "NO_GO" },
            gate,
            nonce: env.random_hex(16),
            now: (env.now)(),
        };
        let members = collect::approval(self.project, self.release, &request);
        Ok(Body { origin: "typed", members, cites: BTreeMap::new(), told: Vec::new() })
    }

    /// One more than the try that lies there.
    fn next_try(&self) -> u64 {
        let old = self.project.file(&self.def.path).and_then(|file| file.value());
        let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_u64);
        match old {
            Some(old) if number(old, "attempt") == Some(self.release.attempt) => {
                number(old, "try").unwrap_or(0) + 1
            }
            _ => 1,
        }
    }

    /// What the project would make of the value, were it written.
    fn judge(
        &self,
        value: Value,
        global: &Global,
        env: &Env<'_>,
    ) -> Result<(Value, Vec<Finding>), Failure> {
        let (_, mut project) = global.open()?;
        let text = json::pretty(&value);
        let digest = Sha256Digest::of(text.as_bytes());
        for (path, _) in cited(&value) {
            if !project.files.contains_key(&path) && !project.cited.contains_key(&path) {
                let found = self.root.digest(&path).map(|(digest, _)| digest);
                project.cited.insert(path, found);
            }
        }
        let path = self.def.path.clone();
        project.files.insert(path.clone(), FileEntry::read(path, text, digest, ReadAs::Json));
        let piece = self.piece();
        let now = (env.now)();
        let assessment = match project.phase.gate_of_evidence(self.kind) {
            Some((gate, _)) => assess_afresh(&project, gate, now),
            None => assess(&project, now),
        };
        let findings = assessment
            .findings
            .into_iter()
            .filter(|finding| finding.piece == piece && finding.state.is_some());
        Ok((value, findings.collect()))
    }

    fn write_json(
        &self,
        text: &str,
        now: crate::model::Stamp,
        env: &Env<'_>,
    ) -> Result<(), Failure> {
        let old = self.project.present(&self.def.path);
        let mut changes = ChangeSet::new(self.root);
        if let Some(old) = old.filter(|old| old.digest.is_some() && !old.text.is_empty()) {
            let recording = self.next_try().saturating_sub(1).max(1);
            let mut kept = format!(
                "{RAW_DIR}/attempts/{}.{}.{recording}.json",
                self.kind, self.release.attempt
            );
            if self.root.exists(&kept) {
                kept = kept.replace(".json", &format!(".{}.json", env.random_hex(4)));
            }
            changes.create(kept, old.text.clone());
        }
        changes.replace(self.def.path.as_str(), text, old.and_then(|old| old.digest));
        if self.is_approval() {
            let mut entry = ledger_entry(self.project, EntryKind::Recorded, self.release, now, env);
            let sha256 = Sha256Digest::of(text.as_bytes()).to_string();
            entry.digests = vec![FileDigest { path: self.def.path.clone(), sha256 }];
            if let Some((decision, person, statement)) = last_decision(text) {
                entry.reason = Some(format!("{decision} by {person}"));
                let path = format!("{}#/decisions", self.def.path);
                entry.digests.push(FileDigest { path, sha256: statement.to_string() });
            }
            changes.append_line(LEDGER_PATH, entry.to_line());
        }
        changes.apply()?;
        Ok(())
    }

    fn show_refused(
        &self,
        value: &Value,
        refused: &[Finding],
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        // Snippets come from the text that was refused, not from the file that lies there.
        let (_, mut project) = global.open()?;
        let text = json::pretty(value);
        let digest = Sha256Digest::of(text.as_bytes());
        let path = self.def.path.clone();
        project.files.insert(path.clone(), FileEntry::read(path, text, digest, ReadAs::Json));
        let now = (env.now)();
        let assessment = assess(&project, now);
        let report = Report {
            command: format!("record {}", self.kind),
            project: &project,
            now,
            verdict: None,
            findings: refused.iter().collect(),
            not_due: 0,
            assessment: &assessment,
        };
        if global.human() {
            write_findings(&report, true, global, env)?;
            writeln!(
                env.out,
                "record {}: refused; nothing was written (shown is what would have been)",
                self.kind
            )?;
        } else {
            env.out.write_all(json::report(&report, None, None).as_bytes())?;
        }
        Ok(Exit::Refused)
    }

    fn show_written(
        &self,
        value: &Value,
        judged: &[Finding],
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let state =
            judged.iter().filter_map(|finding| finding.state).max().unwrap_or(State::Passed);
        let number = value.get("try").and_then(Value::as_u64).unwrap_or(1);
        if global.human() {
            for finding in judged {
                let code = finding.rule.code;
                writeln!(env.out, "  {code} {}", clean(&finding.message))?;
            }
            writeln!(env.out, "recorded {} (try {number}): {state}", self.def.path)?;
        } else {
            let view = serde_json::json!({
                "recorded": self.def.path,
                "kind": self.kind,
                "try": number,
                "state": state.word(),
                "findings": judged.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>(),
            });
            env.out.write_all(json::pretty(&view).as_bytes())?;
        }
        Ok(if state == State::Passed { Exit::Passed } else { Exit::Refused })
    }

    /// Adds an entry to an append-only log.
    fn append(
        &self,
        args: &RecordArgs,
        global: &Global,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let Some(from) = &args.from else {
            return Err(Failure::incomplete(format!("{} needs a body: --from FILE", self.kind))
                .help(format!("d3p record {} --example > .d3p/body.json", self.kind)));
        };
        if self.project.present(&self.def.path).is_none() {
            return Err(
                Failure::refused(format!("{} does not exist", self.def.path)).help("d3p init")
            );
        }
        let body = Value::Object(read_body(from, env)?);
        let payload = log_payload(self.def, &body).map_err(|faults| {
            let mut failure =
                Failure::refused(format!("the body does not fit a {} entry", self.kind));
            for fault in faults {
                failure = failure.help(format!("{}: {}", fault.pointer, fault.message));
            }
            failure.help(format!("d3p record {} --example", self.kind))
        })?;
        if let Some(range) = crate::markdown::placeholder::find(&payload) {
            return Err(Failure::refused(format!(
                "a placeholder was left in: {}",
                &payload[range]
            )));
        }
        let line = format_entry((env.now)(), &env.random_hex(8), &payload);
        // The ledger names the entry, so that it cannot be edited or removed unseen before a gate
        // binds the log.
        let now = (env.now)();
        let mut entry = ledger_entry(self.project, EntryKind::Recorded, self.release, now, env);
        let sha256 = Sha256Digest::of(line.as_bytes()).to_string();
        entry.digests = vec![FileDigest { path: self.def.path.clone(), sha256 }];
        let mut changes = ChangeSet::new(self.root);
        changes.append_line(self.def.path.as_str(), line.as_str());
        changes.append_line(LEDGER_PATH, entry.to_line());
        changes.apply()?;
        if global.human() {
            writeln!(env.out, "{}\nrecorded in {}", clean(&line), self.def.path)?;
        } else {
            let view =
                serde_json::json!({ "recorded": self.def.path, "kind": self.kind, "entry": line });
            env.out.write_all(json::pretty(&view).as_bytes())?;
        }
        Ok(Exit::Passed)
    }
}

/// The decision that was added last: what, by whom, and the digest of its statement.
fn last_decision(text: &str) -> Option<(String, String, Sha256Digest)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let statement = value.get("decisions")?.as_array()?.last()?.get("statement")?.as_str()?;
    let parsed: Value = serde_json::from_str(statement).ok()?;
    let field =
        |key: &str| Some(parsed.pointer(&format!("/predicate/{key}"))?.as_str()?.to_owned());
    Some((field("decision")?, field("principal")?, Sha256Digest::of(statement.as_bytes())))
}

/// Findings that recording this piece again could not mend: they wait for other persons or pieces.
fn waits_for_others(finding: &Finding) -> bool {
    [&crate::rules::GL507, &crate::rules::GL502].contains(&finding.rule)
}

fn read_body(from: &Path, env: &mut Env<'_>) -> Result<Map<String, Value>, Failure> {
    let name = from.display().to_string();
    let loaded = if name == "-" {
        load_reader(&mut *env.stdin, "standard input", DEFAULT_LIMIT)
    } else {
        load_given(&env.cwd.join(from), DEFAULT_LIMIT)
    };
    let file = match loaded {
        Loaded::File(file) => file,
        Loaded::Faulty { fault, .. } => {
            return Err(Failure::incomplete(format!("{name}: {}", fault.message)));
        }
    };
    let value = text::json::parse(&file.text).map_err(|faults| {
        let mut failure = Failure::refused(format!("{name} is not usable JSON"));
        for fault in faults {
            let at = fault.span.map(|span| text::position(&file.text, span.start));
            let at = at.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
            failure = failure.help(format!("{name}{at}: {}", fault.message));
        }
        failure
    })?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(Failure::refused(format!("{name} must hold one JSON object"))),
    }
}

/// Path and digest of everything a header cites.
fn cited(value: &Value) -> Vec<(String, String)> {
    let cites = value.get("cites").and_then(Value::as_array);
    let text = |cite: &Value, key: &str| Some(cite.get(key)?.as_str()?.to_owned());
    cites
        .into_iter()
        .flatten()
        .filter_map(|cite| Some((text(cite, "path")?, text(cite, "sha256")?)))
        .collect()
}
