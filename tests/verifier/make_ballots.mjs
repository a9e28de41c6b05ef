// Makes ballots.json: a box in the real group, its keys, ballot and opening all by the browser's code.
//   node --experimental-default-type=module tests/verifier/make_ballots.mjs > tests/verifier/ballots.json
// The results are as the voter chose; test_ballots.py counts the ballot and compares.
import { Box, makeTracker, offerShare } from "../../ecabinet/static/ecabinet/js/ballot-proofs.js";

const box = "1f5e0c4a9b7d4c1e8f20a3b6c9d2e5f8";
const counters = [await offerShare(box, 1), await offerShare(box, 2)];
const manifest = {
  format: "e-cabinet ballot box 1",
  group: "ffdhe3072",
  box,
  request: 7,
  issue: 1,
  subject: "Miễn nhiệm một chức danh",
  questions: [
    {
      id: 11,
      text: "Đồng chí có đồng ý không?",
      choices: [{ code: "agree", label: "Đồng ý" }, { code: "disagree", label: "Không đồng ý" }],
      least: 1,
      most: 1,
    },
    {
      id: 12,
      text: "Chọn tối đa hai phương án",
      choices: ["31", "32", "33"].map((code) => ({ code, label: `Phương án ${code}` })),
      least: 1,
      most: 2,
    },
  ],
  counters: counters.map(({ offered }, at) => ({ id: at + 1, name: `Ủy viên ${at + 1}`, ...offered })),
};
const opened = await Box.open(manifest);
const ballot = await opened.seal({ 11: ["disagree"], 12: ["31", "33"] }, { slot: 5, number: 1 });
const ballots = [{ voter: "Nguyễn Thị Hồng Hạnh", tracker: await makeTracker(ballot), ballot }];
const sums = await opened.addUp(ballots);
const shares = [];
for (const [at, { secret }] of counters.entries()) {
  shares.push({ counter: at + 1, given: await opened.openSums(at + 1, secret, sums) });
}
const results = { 11: { agree: 0, disagree: 1 }, 12: { 31: 1, 32: 0, 33: 1 } };
console.log(JSON.stringify({ manifest, ballots, shares, results }));
