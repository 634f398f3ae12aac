import { admissionOf } from '../../../fixtures/injector/admission.ts';
import { type Check, type Finding, fits, note, unfit } from './check.ts';
import { injectionWhereClear } from './mesh.ts';

/** Whether the front end's pod can be made with a sidecar and Dikastes, as the API server itself says. */
export const admission: Check = {
  name: 'admission of injected pods',
  look: async (cluster, circumstances) => {
    const { inspection, options } = circumstances;
    const injection = await injectionWhereClear(cluster, circumstances);
    if (injection === undefined) return fits('No pod can be injected yet');
    // Without it, it is not known what would be asked for; `calico-release.ts` says so.
    if (inspection.versions.calico === 'unknown' && options.dikastesImage === undefined) {
      return note("It is not known which Dikastes would stand in the front end's pod");
    }
    const { dikastesImage, revision } = options;
    const versions = { ...inspection.versions, boutique: '' };
    const answer = await admissionOf(cluster, {
      versions,
      ...(dikastesImage !== undefined && { dikastesImage }),
      ...(revision !== undefined && { revision }),
    });
    if (!answer.admitted) return refusal(answer.said);
    if (!answer.injected) {
      return note(
        "The injector did not take part in a dry run in namespace default, so whether the front end's pod can be made with a sidecar shows only once the namespace is labelled for it",
      );
    }
    return answer.limits
      ? fits(
          'The front end can have a sidecar and Dikastes, with limits on every container, as is asked for here',
        )
      : fits('The front end can have a sidecar and Dikastes');
  },
};

/** What to do about a pod that the server does not make, by its own words. */
export function refusal(said: string): Finding {
  const found = `The front end's pod could not be made with a sidecar and Dikastes (${said.replace(/[.:\s]+$/, '')})`;
  const podSecurity = /violates PodSecurity "([a-z]+):/.exec(said)?.[1];
  if (podSecurity !== undefined) {
    return unfit(
      found,
      /NET_ADMIN/.test(said)
        ? `let Istio's CNI plugin redirect traffic in place of istio-init, which needs NET_ADMIN, or let namespace default enforce less than ${podSecurity}`
        : `give the front end what ${podSecurity} asks for (a seccomp profile for the whole pod reaches the sidecar too), or let namespace default enforce less`,
    );
  }
  if (/uses an inline volume provided by CSIDriver csi\.tigera\.io/.test(said)) {
    return unfit(
      found,
      'label CSIDriver csi.tigera.io with security.openshift.io/csi-ephemeral-volume-profile=restricted',
    );
  }
  if (/must specify/.test(said)) {
    return unfit(
      found,
      "give the front end's own containers what the quota counts, and the sidecar by global.proxy.resources of Istio; Dikastes gets it from the run",
    );
  }
  if (/exceeded quota/.test(said)) {
    return unfit(found, 'leave room for one more pod of the front end in the quota of namespace default');
  }
  if (/failed calling webhook/.test(said)) return unfit(found, 'bring back what that webhook asks');
  return unfit(found, 'let namespace default have such a pod');
}
