//! What `init --ci` writes; `tests/ci/play` lints it and plays a release by it.

use super::{passes, repository};
use d3p::Exit;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

const FLOW: &str = ".github/workflows/d3p.yml";

#[test]
fn jobs_are_pinned_and_know_what_the_policy_names() {
    let world = repository();
    let said = world.run(&["init", "--ci", "github", "--build", COMMIT]);
    assert_eq!(said.exit, Exit::Refused, "{}", said.all());
    assert!(said.all().contains("d3p setup"), "{}", said.all());
    passes(&world.run(&["setup"]));
    for none in [&["init", "--ci", "github"][..], &["init", "--ci", "github", "--build", "v1.0.0"]]
    {
        let said = world.run(none);
        assert_eq!(said.exit, Exit::Incomplete, "{}", said.all());
        assert!(said.all().contains("--build COMMIT"), "{}", said.all());
    }
    let policy = world.read("d3p.yaml");
    world.write(
        "d3p.yaml",
        format!("{policy}run: {{ environment: [HOME, REGION], secrets: [DEPLOY_TOKEN] }}\n"),
    );
    passes(&world.run(&["init", "--ci", "github", "--build", COMMIT]));
    let text = world.read(FLOW);
    // Actions by their commit, d3p by the one that was named; no tag, and no newest image.
    let actions = text.lines().filter_map(|line| line.split_once("uses: ")).map(|(_, own)| own);
    for own in actions {
        let (_, pin) = own.split_once('@').unwrap();
        assert!(pin.split(' ').next().unwrap().len() == 40, "{own}");
    }
    assert!(text.contains(&format!("D3P_COMMIT: {COMMIT}")) && !text.contains("latest"), "{text}");
    assert!(text.contains("DEPLOY_TOKEN: ${{ secrets.DEPLOY_TOKEN }}"), "{text}");
    assert!(text.contains("REGION: ${{ vars.REGION }}") && !text.contains("vars.HOME"), "{text}");
    assert!(text.contains("d3p verify --require-trust"), "{text}");
    // It is the team's from now on.
    world.edit(FLOW, "timeout-minutes: 30", "timeout-minutes: 31");
    let said = world.run(&["init", "--ci", "github", "--build", COMMIT]);
    assert!(said.out.contains(&format!("kept         {FLOW}")), "{}", said.out);
    assert!(world.read(FLOW).contains("timeout-minutes: 31"));
    // Where GitLab has a file already, that one has to name ours.
    world.write(".gitlab-ci.yml", "stages: [test]\n");
    let said = world.run(&["init", "--ci", "gitlab", "--build", COMMIT]);
    assert!(said.out.contains("include: { local: .gitlab/d3p.yml }"), "{}", said.out);
    assert!(world.read(".gitlab/d3p.yml").contains("d3p:launch:"));
    assert_eq!(world.read(".gitlab-ci.yml"), "stages: [test]\n");
}
